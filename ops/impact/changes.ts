import type { Preview, Step } from "../pulumi/preview";

/** A resource before or after a step, with only the fields that the report uses. */
export interface ResourceState {
  type: string;
  id?: string;
  inputs?: KubernetesInputs;
  /** The object as the cluster has it; only for a resource that exists. */
  outputs?: Pick<KubernetesInputs, "spec">;
  protect?: boolean;
  retainOnDelete?: boolean;
}

/** The inputs of a Kubernetes object that the report reads. Any part may be missing or unknown before the update. */
export interface KubernetesInputs {
  metadata?: { name?: string; namespace?: string; labels?: Record<string, string> };
  spec?: {
    accessModes?: string[];
    storageClassName?: string;
    volumeName?: string;
    resources?: { requests?: { storage?: string } };
    template?: { spec?: PodSpec };
    schedule?: string;
    jobTemplate?: { spec?: { template?: { spec?: PodSpec } } };
  };
}

export interface PodSpec {
  initContainers?: { name: string }[];
  containers?: { name: string; image?: string; args?: string[]; env?: { name: string; value?: string }[] }[];
  volumes?: { name: string; emptyDir?: { sizeLimit?: string }; persistentVolumeClaim?: { claimName?: string } }[];
}

/** A preview with those parts of its resources that the report reads. */
export type ImpactPreview = Preview<ResourceState>;

/** What happens to a resource. The order in which the engine runs the steps of a replacement doesn't matter. */
export type Change = "same" | "created" | "imported" | "updated" | "replaced" | "deleted";

export interface ResourceChange {
  urn: string;
  change: Change;
  /** All steps of a replacement have the same state before and after. */
  before?: ResourceState;
  after?: ResourceState;
  replaceReasons: string[];
  /** Paths that an update changes, such as `spec.template.spec.containers[0].image`. */
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

/** The resources of the steps, each once, in the order of their first step. */
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

/** Returns `PersistentVolumeClaim` for `kubernetes:core/v1:PersistentVolumeClaim`. */
export const kindOf = (state: ResourceState) => state.type.split(":").at(-1) ?? state.type;

export const isClaim = (state: ResourceState | undefined) =>
  state !== undefined && kindOf(state) === "PersistentVolumeClaim";

/**
 * The object's `namespace/name`, or the name alone. A resource that is not a Kubernetes object has its logical name.
 */
export function objectOf(urn: string, { inputs }: ResourceState): string {
  const { name, namespace } = inputs?.metadata ?? {};
  if (name === undefined) return urn.split("::").at(-1) ?? urn;
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** The service that the resource belongs to, read from its label; "" without a label. */
export const serviceOf = ({ inputs }: ResourceState) => inputs?.metadata?.labels?.["app.kubernetes.io/name"] ?? "";
