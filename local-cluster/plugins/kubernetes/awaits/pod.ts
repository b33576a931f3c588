import { field, holds } from "./fields";
import { podTrouble } from "./trouble";
import type { Observation, Readiness } from "./types";

/** Ready: it is Ready, or it has ended successfully. One that has failed is waited for on, until the time-out. */
export async function pod({ live }: Observation): Promise<Readiness> {
  const phase = field(live, "status", "phase");
  const placed = holds(live, "PodScheduled") && holds(live, "Initialized");
  return {
    ready: placed && (phase === "Succeeded" || holds(live, "Ready")),
    progress: `Waiting for the Pod to be ready (${String(phase)})`,
    explain: async () => podTrouble(live),
  };
}
