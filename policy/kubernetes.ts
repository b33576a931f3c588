/** The parts of Kubernetes' objects that the rules look at. */

export interface Metadata {
  name?: string;
  generateName?: string;
  namespace?: string;
  annotations?: Record<string, string>;
  labels?: Record<string, string>;
}

export interface Container {
  name?: string;
  image?: string;
  resources?: { requests?: Record<string, string>; limits?: Record<string, string> };
  readinessProbe?: object;
  livenessProbe?: object;
}

export interface Volume {
  name?: string;
  hostPath?: { path?: string };
  persistentVolumeClaim?: object;
  image?: { reference?: string };
}

export interface PodSpec {
  containers?: Container[];
  initContainers?: Container[];
  volumes?: Volume[];
  enableServiceLinks?: boolean;
}

export interface ClaimSpec {
  accessModes?: string[];
  storageClassName?: string;
}

export interface ClaimTemplate {
  metadata?: Metadata;
  spec?: ClaimSpec;
}

interface Template {
  template?: { spec?: PodSpec };
}

/** An object as Pulumi's provider has it. `Spec` is the type of its kind's spec. */
export interface KubeObject<Spec = object> {
  metadata?: Metadata;
  spec?: Spec;
}

/** The part of a resource that the rules need. Both of the SDK's kinds of rules get it. */
export interface Resource {
  type: string;
  name: string;
  props: Record<string, unknown>;
  opts: { protect?: boolean };
}

/** `Pod` for `kubernetes:core/v1:Pod`. Undefined for other providers' resources. */
export function kindOf(type: string): string | undefined {
  return type.startsWith("kubernetes:") ? type.split(":").at(-1) : undefined;
}

/** A resource's name in messages, such as `PersistentVolumeClaim local-ai-data/postgres-data`. */
export function describe({ type, name, props }: Resource): string {
  const { metadata } = props as KubeObject;
  return `${kindOf(type)} ${[metadata?.namespace, metadata?.name ?? name].filter(Boolean).join("/")}`;
}

/** The pod that a workload of any kind makes. Undefined for everything else. */
export function podOf({ type, props }: Pick<Resource, "type" | "props">): PodSpec | undefined {
  return podIn(kindOf(type), props);
}

/** The part of an existing pod that a Pulumi patch sets. The patch leaves everything else as it is. */
export function patchedPodOf({ type, props }: Pick<Resource, "type" | "props">): PodSpec | undefined {
  const kind = kindOf(type);
  return kind?.endsWith("Patch") ? podIn(kind.slice(0, -"Patch".length), props) : undefined;
}

function podIn(kind: string | undefined, props: object): PodSpec | undefined {
  const { spec, template } = props as KubeObject<PodSpec & Template & { jobTemplate?: { spec?: Template } }> & Template;
  switch (kind) {
    case "Pod":
      return spec;
    case "PodTemplate":
      return template?.spec;
    case "CronJob":
      return spec?.jobTemplate?.spec?.template?.spec;
    case "DaemonSet":
    case "Deployment":
    case "Job":
    case "ReplicaSet":
    case "ReplicationController":
    case "StatefulSet":
      return spec?.template?.spec;
    default:
      return undefined;
  }
}

/** Every image of a pod, with the container or volume that uses it. */
export function imagesOf({
  initContainers = [],
  containers = [],
  volumes = [],
}: PodSpec): { of: string; image: string }[] {
  const run = [...initContainers, ...containers].map(({ name, image = "" }) => ({ of: `container ${name}`, image }));
  const mounted = volumes.flatMap(({ name, image }) =>
    image ? [{ of: `volume ${name}`, image: image.reference ?? "" }] : [],
  );
  return [...run, ...mounted];
}

export function claimTemplatesOf({ type, props }: Pick<Resource, "type" | "props">): ClaimTemplate[] {
  if (kindOf(type) !== "StatefulSet") return [];
  return (props as KubeObject<{ volumeClaimTemplates?: ClaimTemplate[] }>).spec?.volumeClaimTemplates ?? [];
}

/** Kinds whose pods run until they are stopped. */
const lasting = ["Deployment", "DaemonSet", "ReplicaSet", "ReplicationController", "Pod"];

/** Whether a workload keeps data of its own: a StatefulSet, or a workload of a lasting kind that mounts a claim. */
export function isStateful(resource: Pick<Resource, "type" | "props">): boolean {
  const kind = kindOf(resource.type);
  if (kind === "StatefulSet") return true;
  return (
    kind !== undefined &&
    lasting.includes(kind) &&
    (podOf(resource)?.volumes ?? []).some(({ persistentVolumeClaim }) => persistentVolumeClaim !== undefined)
  );
}

/** Whether one of the patterns matches the name. `*` stands for any part of a name. */
export function covered(name: string | undefined, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => {
    const parts = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
    return name !== undefined && new RegExp(`^${parts.join(".*")}$`).test(name);
  });
}

/** Whether the provider or the API server generated the object's name. */
export function autoNamed({ metadata }: KubeObject): boolean {
  return !metadata?.name || metadata.annotations?.["pulumi.com/autonamed"] === "true";
}
