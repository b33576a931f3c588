import { count, isObserved } from "./fields";
import { podTroubles } from "./trouble";
import type { Observation, Readiness } from "./types";

/**
 * Ready: every node that should have a pod has an available one of the newest template, whatever the update strategy:
 * with OnDelete somebody has to delete the old pods.
 */
export async function daemonSet({ context, live }: Observation): Promise<Readiness> {
  if (!isObserved(live)) return { ready: false, progress: "Waiting for the DaemonSet controller" };
  const wanted = count(live, "status", "desiredNumberScheduled");
  const numbers = ["currentNumberScheduled", "updatedNumberScheduled", "numberAvailable", "numberReady"];
  return {
    ready: numbers.every((key) => count(live, "status", key) >= wanted),
    progress: `Waiting for the DaemonSet's pods (${count(live, "status", "numberAvailable")} of ${wanted} available)`,
    explain: () => podTroubles(context, live),
  };
}
