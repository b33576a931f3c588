import { cleanupDays } from "../../model/cleanup";
import { kindOf, objectOf, type PodSpec, type ResourceChange, type ResourceState } from "./changes";
import type { CleanupImpact } from "./types";

/** A clean-up that will remove more files than before: one that is new, or whose days get fewer. */
export interface ShorterCleanup extends CleanupImpact {
  /** `namespace/name` of the claim that it removes files from. */
  claim: string;
  /** The pod of its job. */
  pod: PodSpec;
}

/** The clean-ups that the change begins or shortens. A rare later run removes nothing more, so it isn't among them. */
export function shorterCleanups(changes: readonly ResourceChange[]): ShorterCleanup[] {
  return changes.flatMap(({ urn, before, after }) => {
    const pod = podOf(after);
    const days = daysOf(pod);
    if (!after || !pod || days === undefined) return [];
    const earlier = daysOf(podOf(before));
    if (earlier !== undefined && earlier <= days) return [];
    const [namespace] = objectOf(urn, after).split("/");
    const claim = pod.volumes?.find(({ persistentVolumeClaim }) => persistentVolumeClaim)?.persistentVolumeClaim;
    return [
      {
        claim: `${namespace}/${claim?.claimName ?? ""}`,
        pod,
        olderThanDays: days,
        ...(earlier === undefined ? {} : { before: earlier }),
        schedule: after.inputs?.spec?.schedule ?? "",
      },
    ];
  });
}

const podOf = (state: ResourceState | undefined) =>
  state && kindOf(state) === "CronJob" ? state.inputs?.spec?.jobTemplate?.spec?.template?.spec : undefined;

const daysOf = (pod: PodSpec | undefined) => cleanupDays(pod?.containers?.[0]?.args);
