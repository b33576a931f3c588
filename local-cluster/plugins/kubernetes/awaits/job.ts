import { condition, count, holds } from "./fields";
import { podTroubles } from "./trouble";
import type { Observation, Readiness } from "./types";

/** Ready: it is complete. A failed Job ends the wait at once. */
export async function job({ context, live }: Observation): Promise<Readiness> {
  if (holds(live, "Complete")) return { ready: true, progress: "" };
  const numbers = ["active", "succeeded", "failed"].map((key) => `${count(live, "status", key)} ${key}`).join(", ");
  const progress = `Waiting for the Job to complete (${numbers})`;
  if (!holds(live, "Failed")) return { ready: false, progress, explain: () => podTroubles(context, live) };
  const failed = condition(live, "Failed");
  const troubles = await podTroubles(context, live).catch(() => []);
  return { ready: false, progress, failed: [`[${String(failed?.reason)}] ${String(failed?.message)}`, ...troubles] };
}
