import { count, field, isObserved } from "./fields";
import { podTroubles } from "./trouble";
import type { Observation, Readiness } from "./types";

/** Ready: every node that should have a pod has an available one of the newest template. */
export async function daemonSet({ context, live }: Observation): Promise<Readiness> {
  if (!isObserved(live)) return { ready: false, progress: "Waiting for the DaemonSet controller" };
  const wanted = count(live, "status", "desiredNumberScheduled");
  const available = count(live, "status", "numberAvailable");
  const onDelete = field(live, "spec", "updateStrategy", "type") === "OnDelete";
  const updated = onDelete || count(live, "status", "updatedNumberScheduled") >= wanted;
  return {
    ready: updated && available >= wanted && count(live, "status", "numberMisscheduled") === 0,
    progress: `Waiting for the DaemonSet's pods (${available} of ${wanted} available)`,
    explain: () => podTroubles(context, live),
  };
}
