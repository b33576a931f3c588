import type { KubeObject, Metadata } from "./objects";

/** The parts of Kubernetes' objects that the rules look at. A patch may set any of them to null. */

export interface Container {
  name?: string;
  image?: string;
  resources?: { requests?: Record<string, string>; limits?: Record<string, string> };
  readinessProbe?: object | null;
  livenessProbe?: object | null;
  restartPolicy?: string | null;
}

export interface Volume {
  name?: string;
  hostPath?: { path?: string };
  persistentVolumeClaim?: object;
  ephemeral?: { volumeClaimTemplate?: ClaimTemplate };
  image?: { reference?: string };
}

export interface PodSpec {
  containers?: Container[];
  initContainers?: Container[];
  ephemeralContainers?: Container[];
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

/** The pod that a workload of any kind makes, or the part of it that a patch sets. Undefined for everything else. */
export function podOf({ kind, props }: Pick<KubeObject, "kind" | "props">): PodSpec | undefined {
  const { spec, template } = props as { spec?: PodSpec & Template & { jobTemplate?: { spec?: Template } } } & Template;
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
export function imagesOf(pod: PodSpec): { of: string; image: string }[] {
  const { initContainers, containers, ephemeralContainers, volumes } = pod;
  const all = [initContainers, containers, ephemeralContainers].flatMap((some) => some ?? []);
  const run = all.map(({ name, image }) => ({ of: `container ${name}`, image: image ?? "" }));
  const mounted = (volumes ?? []).flatMap(({ name, image }) =>
    image ? [{ of: `volume ${name}`, image: image.reference ?? "" }] : [],
  );
  return [...run, ...mounted];
}

/** The containers that run as long as their pod: an init container that is always started again is one of them. */
export const runningContainers = ({ containers, initContainers }: PodSpec): Container[] => [
  ...(containers ?? []),
  ...(initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === "Always"),
];

/** The claims that a StatefulSet makes, and leaves. */
export function claimTemplatesOf({ kind, props }: Pick<KubeObject, "kind" | "props">): ClaimTemplate[] {
  if (kind !== "StatefulSet") return [];
  return (props as KubeObject<{ volumeClaimTemplates?: ClaimTemplate[] }>["props"]).spec?.volumeClaimTemplates ?? [];
}

/** What the object asks of a class: as a claim, or for claims that it makes, those that end with their pod too. */
export function claimsOf(object: Pick<KubeObject, "kind" | "props">): ClaimSpec[] {
  const own = object.kind === "PersistentVolumeClaim" ? [object.props.spec as ClaimSpec | undefined] : [];
  const short = (podOf(object)?.volumes ?? []).map(({ ephemeral }) => ephemeral?.volumeClaimTemplate?.spec);
  const made = claimTemplatesOf(object).map(({ spec }) => spec);
  return [...own, ...made, ...short].filter((spec) => spec !== undefined && spec !== null);
}

/** Kinds whose pods run until they are stopped. */
const lasting = ["Deployment", "DaemonSet", "ReplicaSet", "ReplicationController", "Pod"];

/** Whether a workload keeps data of its own: a StatefulSet, or a workload of a lasting kind that mounts a claim. */
export function isStateful(object: Pick<KubeObject, "kind" | "props">): boolean {
  if (object.kind === "StatefulSet") return true;
  return (
    lasting.includes(object.kind) &&
    (podOf(object)?.volumes ?? []).some(({ persistentVolumeClaim }) => persistentVolumeClaim !== undefined)
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
export function autoNamed({ metadata }: { metadata?: Metadata }): boolean {
  return !metadata?.name || metadata.annotations?.["pulumi.com/autonamed"] === "true";
}
