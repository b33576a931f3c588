import { condition, count, field, holds } from "./fields";
import { podTroubles } from "./trouble";
import type { Observation, Readiness } from "./types";

/** The only reasons for which the official plugin gives a Job up. One that failed otherwise is waited for on. */
const known = ["BackoffLimitExceeded", "DeadlineExceeded"];

/** Ready: it is complete. A Job that failed for a known reason ends the wait at once. */
export async function job({ context, live }: Observation): Promise<Readiness> {
  const numbers = ["active", "succeeded", "failed"].map((key) => `${count(live, "status", key)} ${key}`).join(", ");
  const progress = `Waiting for the Job to complete (${numbers})`;
  const explain = () => podTroubles(context, live);
  const failed = condition(live, "Failed");
  if (failed?.status !== "True" || !known.includes(String(failed.reason))) {
    const started = field(live, "status", "startTime") !== undefined;
    return { ready: started && holds(live, "Complete"), progress, explain };
  }
  const troubles = await explain().catch(() => []);
  return { ready: false, progress, failed: [`[${String(failed.reason)}] ${String(failed.message)}`, ...troubles] };
}
