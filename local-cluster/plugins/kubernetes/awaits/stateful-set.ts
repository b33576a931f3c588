import { count, field, isObserved } from "./fields";
import { podTroubles } from "./trouble";
import type { Observation, Readiness } from "./types";

/** Ready: every replica is ready and at the newest revision (with OnDelete, the revision is up to the user). */
export async function statefulSet({ context, live }: Observation): Promise<Readiness> {
  if (!isObserved(live)) return { ready: false, progress: "Waiting for the StatefulSet controller" };
  const wanted = count(live, "spec", "replicas");
  const ready = count(live, "status", "readyReplicas");
  const onDelete =
    field(live, "spec", "updateStrategy", "type") === "OnDelete" && count(live, "metadata", "generation") > 1;
  const revision = field(live, "status", "currentRevision");
  const updated =
    onDelete ||
    (typeof revision === "string" &&
      revision !== "" &&
      revision === field(live, "status", "updateRevision") &&
      count(live, "status", "currentReplicas") === wanted);
  if (updated && ready === wanted && count(live, "status", "replicas") === wanted) return { ready: true, progress: "" };
  const rollout = ready === wanted && !updated ? ", not yet all at the new revision" : "";
  return {
    ready: false,
    progress: `Waiting for the StatefulSet's pods (${ready} of ${wanted} ready${rollout})`,
    explain: () => podTroubles(context, live),
  };
}
