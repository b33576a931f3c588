import { z } from "zod";
import type { Move } from "../../model/mover";

const end = z.object({ claim: z.string().optional(), generation: z.number() });

/**
 * What commands read of a move. Nothing more is asked for: the job of an earlier version of this program may have other
 * keys besides, and its move has to be ended all the same.
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
 * What a move's job was told in its variable MOVE; undefined for a job without one. Throws where the value is no move:
 * a guess could stop the wrong service. Outside of the mover, no other place reads MOVE.
 */
export function moveOfJob(spec: JobSpec | undefined): Move | undefined {
  const variables = spec?.template?.spec?.containers?.flatMap(({ env = [] }) => env) ?? [];
  const text = variables.find(({ name }) => name === "MOVE")?.value;
  if (text === undefined) return undefined;
  const told: unknown = JSON.parse(text);
  schema.parse(told);
  return told as Move;
}
