import type { Preview, Step } from "../pulumi/preview";

/** A resource before or after a step, as far as the report goes by it. */
export interface ResourceState {
  type: string;
  id?: string;
  inputs?: KubernetesInputs;
  /** What the cluster made of it; only of a resource that is there. */
  outputs?: Pick<KubernetesInputs, "spec">;
  protect?: boolean;
  retainOnDelete?: boolean;
}

/** What is read of a Kubernetes object's inputs; any part may be missing, or not be known before the update. */
export interface KubernetesInputs {
  metadata?: { name?: string; namespace?: string; labels?: Record<string, string> };
  spec?: {
    accessModes?: string[];
    storageClassName?: string;
    volumeName?: string;
    resources?: { requests?: { storage?: string } };
    template?: { spec?: PodSpec };
  };
}

export interface PodSpec {
  containers?: { name: string; image?: string; env?: { name: string; value?: string }[] }[];
  volumes?: { name: string; emptyDir?: { sizeLimit?: string }; persistentVolumeClaim?: { claimName?: string } }[];
}

/** A preview whose resources are read for the report. */
export type ImpactPreview = Preview<ResourceState>;

/** What becomes of a resource, whatever the order in which the engine takes the parts of a replacement. */
export type Change = "same" | "created" | "imported" | "updated" | "replaced" | "deleted";

export interface ResourceChange {
  urn: string;
  change: Change;
  /** The parts of a replacement say the same before and after. */
  before?: ResourceState;
  after?: ResourceState;
  replaceReasons: string[];
  /** Paths of what an update changes, such as `spec.template.spec.containers[0].image`. */
  changed: string[];
}

const changes: Record<string, Change> = {
  same: "same",
  create: "created",
  import: "imported",
  "import-replacement": "replaced",
  update: "updated",
  replace: "replaced",
  "create-replacement": "replaced",
  "delete-replaced": "replaced",
  delete: "deleted",
};

/** The resources that the steps are about, each once, in the order of their first step. */
export function changesOf(steps: readonly Step<ResourceState>[]): ResourceChange[] {
  const found = new Map<string, ResourceChange>();
  for (const { op, urn, oldState, newState, replaceReasons, detailedDiff } of steps) {
    const change = changes[op];
    if (!change) continue;
    const known = found.get(urn);
    const before = known?.before ?? oldState;
    const after = known?.after ?? newState;
    const reasons = [...new Set([...(known?.replaceReasons ?? []), ...(replaceReasons ?? [])])];
    const changed = [...new Set([...(known?.changed ?? []), ...Object.keys(detailedDiff ?? {})])];
    found.set(urn, {
      urn,
      change: known?.change === "replaced" ? "replaced" : change,
      before,
      after,
      replaceReasons: reasons,
      changed,
    });
  }
  return [...found.values()];
}

/** `PersistentVolumeClaim` of `kubernetes:core/v1:PersistentVolumeClaim`. */
export const kindOf = (state: ResourceState) => state.type.split(":").at(-1) ?? state.type;

export const isClaim = (state: ResourceState | undefined) =>
  state !== undefined && kindOf(state) === "PersistentVolumeClaim";

/** The object in the cluster: `namespace/name`, or the name alone; a resource that is none has its logical name. */
export function objectOf(urn: string, { inputs }: ResourceState): string {
  const { name, namespace } = inputs?.metadata ?? {};
  if (name === undefined) return urn.split("::").at(-1) ?? urn;
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** The service that it belongs to, by its label; "" without. */
export const serviceOf = ({ inputs }: ResourceState) => inputs?.metadata?.labels?.["app.kubernetes.io/name"] ?? "";
