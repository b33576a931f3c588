import { z } from "zod";
import type { Move } from "../../model/mover";
import { UserError } from "../../model/user-error";

const end = z.object({ claim: z.string().optional(), generation: z.number() });

/**
 * The part of a move that the commands read. Other keys are allowed: the job of an earlier version of this program may
 * have them, and its move must still be ended.
 */
const schema = z.object({
  job: z.string(),
  kind: z.enum(["copy", "fill", "spill", "restore"]),
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

/** The job that a variable was read from. */
export interface JobName {
  name?: string;
  namespace?: string;
}

/**
 * The move in a job's variable MOVE; undefined for a job without one. Throws a UserError where the value is no move
 * that this version knows, because a guess could stop the wrong service. Outside of the mover, only this function reads
 * MOVE.
 */
export function moveOfJob(spec: JobSpec | undefined, job: JobName): Move | undefined {
  const variables = spec?.template?.spec?.containers?.flatMap(({ env = [] }) => env) ?? [];
  const text = variables.find(({ name }) => name === "MOVE")?.value;
  if (text === undefined) return undefined;
  const told = parsed(text);
  const { error } = schema.safeParse(told);
  if (error) throw notUnderstood(job, error.issues[0]?.path.join(".") ?? "");
  return told as Move;
}

/** Undefined where the text is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function notUnderstood({ name = "", namespace = "default" }: JobName, key: string): UserError {
  const what = key === "" ? "it is no description of a move" : `this version expects another "${key}" there`;
  return new UserError(
    `what the move's job ${namespace}/${name} was told can't be understood: ${what}. Another version of this program ` +
      "began the move. Nothing was changed, and no service was stopped or started. Check out the version that began " +
      "the move, and run npm run recover there",
  );
}
