import { kindOf, objectOf, type ResourceChange, type ResourceState } from "./changes";
import type { WorkloadImpact } from "./types";

const kinds = ["Deployment", "StatefulSet", "DaemonSet"];

export const isWorkload = (state: ResourceState | undefined) => state !== undefined && kinds.includes(kindOf(state));

/** The workloads whose pods start, stop or restart. */
export function workloadsOf(changes: readonly ResourceChange[]): WorkloadImpact[] {
  return changes.flatMap((change) => {
    const { urn, before, after } = change;
    const state = after ?? before;
    if (!state || !isWorkload(state)) return [];
    const impact = workloadChange(change);
    return impact ? [{ workload: `${objectOf(urn, state)} ${kindOf(state)}`, ...impact }] : [];
  });
}

function workloadChange({
  change,
  before,
  after,
  changed,
  replaceReasons,
}: ResourceChange): Pick<WorkloadImpact, "change" | "because"> | undefined {
  if (change === "created") return { change: "starts", because: [] };
  if (change === "deleted") return { change: "stops", because: [] };
  if (change === "replaced")
    return { change: "replaced", because: replaceReasons.map((path) => path.replace(/^(spec|metadata)\./, "")) };
  const pod = changed.filter((path) => path.startsWith("spec.template"));
  if (pod.length > 0) return { change: "restarts", because: reasons(pod, before, after) };
  return changed.includes("spec.replicas") ? { change: "scaled", because: [] } : undefined;
}

/** Whether the workload has another pod after the change. */
export const restarts = (change: ResourceChange) =>
  ["restarts", "replaced"].includes(workloadChange(change)?.change ?? "");

/**
 * For images and claims, the old and the new value. Everything else is only named, because its value may be a secret.
 */
function reasons(paths: readonly string[], before?: ResourceState, after?: ResourceState): string[] {
  const named = [
    ...differing("image", images(before), images(after)),
    ...differing("volume", claims(before), claims(after)),
  ];
  const rest = paths.map(partOf).filter((part) => part !== "image" && part !== "volumes");
  return [...named, ...new Set(rest)];
}

/** The part of a pod that contains a path such as `spec.template.spec.containers[0].resources.limits`. */
function partOf(path: string): string {
  const parts = path
    .replace(/^spec\.template\.?(spec\.?)?/, "")
    .replaceAll(/\[[^\]]*\]/g, "")
    .split(".");
  return (/^(init)?[cC]ontainers$/.test(parts[0] ?? "") ? parts[1] : parts[0]) || "pod";
}

const podOf = (state?: ResourceState) => state?.inputs?.spec?.template?.spec;

const images = (state?: ResourceState) =>
  new Map(listed(podOf(state)?.containers).map(({ name, image = "" }) => [name, image]));

/** A preview prints a list that is a secret as text. */
const listed = <Item>(list: Item[] | undefined): Item[] => (Array.isArray(list) ? list : []);

function claims(state?: ResourceState): Map<string, string> {
  const volumes = podOf(state)?.volumes ?? [];
  return new Map(
    volumes.flatMap(({ name, persistentVolumeClaim, emptyDir }) => {
      const claim = persistentVolumeClaim?.claimName ?? (emptyDir ? "emptyDir" : undefined);
      return claim === undefined ? [] : [[name, claim] as const];
    }),
  );
}

/** The claim that a workload leaves for `claim` (`namespace/name`); undefined if no workload does. */
export function leftClaim(claim: string, changes: readonly ResourceChange[]): string | undefined {
  const ends = changes
    .filter(({ before, after }) => isWorkload(after) && before !== undefined)
    .map(({ before, after }) => ({
      before: claims(before),
      after: claims(after),
      namespace: after?.inputs?.metadata?.namespace,
    }));
  for (const { before, after, namespace } of ends) {
    const [volume] = [...after].find(([, name]) => `${namespace}/${name}` === claim) ?? [];
    const left = volume === undefined ? undefined : before.get(volume);
    if (left !== undefined && left !== after.get(volume!)) return left;
  }
  return undefined;
}

function differing(what: string, before: Map<string, string>, after: Map<string, string>): string[] {
  return [...after].flatMap(([name, value]) => {
    const was = before.get(name);
    return was === undefined || was === value ? [] : [`${what} ${was} → ${value}`];
  });
}
