import { z } from "zod";
import type { Move } from "../../model/mover";

const end = z.object({ claim: z.string().optional(), generation: z.number() });

/**
 * The part of a move that the commands read. Other keys are allowed: the job of an earlier version of this program may
 * have them, and its move must still be ended.
 */
const schema = z.object({
  job: z.string(),
  kind: z.enum(["copy", "fill", "spill"]),
  service: z.string(),
  namespace: z.string(),
  workload: z.object({ kind: z.enum(["Deployment", "StatefulSet"]), name: z.string() }),
  volume: z.string(),
  source: end,
  target: end,
  template: z.object({ from: z.string(), to: z.string() }).optional(),
  replace: z.boolean().optional(),
});

/** The parts of a job's spec that hold its variables. */
export interface JobSpec {
  template?: { spec?: { containers?: { env?: { name: string; value?: string }[] }[] } };
}

/**
 * The move in a job's variable MOVE; undefined for a job without one. Throws where the value is no move, because a
 * guess could stop the wrong service. Outside of the mover, only this function reads MOVE.
 */
export function moveOfJob(spec: JobSpec | undefined): Move | undefined {
  const variables = spec?.template?.spec?.containers?.flatMap(({ env = [] }) => env) ?? [];
  const text = variables.find(({ name }) => name === "MOVE")?.value;
  if (text === undefined) return undefined;
  const told: unknown = JSON.parse(text);
  schema.parse(told);
  return told as Move;
}
