import { field, holds } from "./fields";
import { podTrouble, warnings } from "./trouble";
import type { Observation, Readiness } from "./types";

/** Ready: it is Ready, or it has ended successfully. */
export async function pod({ context, live }: Observation): Promise<Readiness> {
  const phase = field(live, "status", "phase");
  return {
    ready: phase === "Succeeded" || holds(live, "Ready"),
    progress: `Waiting for the Pod to be ready (${String(phase)})`,
    failed: phase === "Failed" ? ["the Pod ended in phase Failed", ...podTrouble(live)] : undefined,
    explain: async () => [...podTrouble(live), ...(await warnings(context, [live]))],
  };
}
