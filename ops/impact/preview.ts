import { execa } from "execa";
import { describeCliError } from "../pulumi/cli-errors";
import { UserError } from "../../model/user-error";
import { finishOnInterrupt } from "../terminal/interrupt";
import type { Stack } from "../pulumi/stack";
import { configFaults } from "./config-faults";
import { understand, type Said } from "./diagnostics";
import { parsePreview, type Preview } from "./steps";

/** A preview that says something of the data, whether or not the change is refused. */
export interface Previewed {
  preview: Preview;
  said: Said;
}

/**
 * Runs the stack's preview, with `configFile` in the place of its own, and reads its steps.
 * Throws a UserError of one line where it failed for another reason than what becomes of the data.
 */
export async function runPreview(stack: Stack, configFile?: string): Promise<Previewed> {
  const file = configFile === undefined ? [] : ["--config-file", configFile];
  // What doesn't change is asked for as well: a volume that only loses its protection is "same" to the engine.
  const args = [
    "preview",
    "--stack",
    stack.name,
    ...file,
    "--json",
    "--show-sames",
    "--non-interactive",
    "--color",
    "never",
  ];
  const child = execa("pulumi", args, {
    cwd: stack.program,
    env: stack.env,
    extendEnv: false,
    reject: false,
    forceKillAfterDelay: false,
  });
  const ended = await finishOnInterrupt(child, () => child.kill("SIGINT"));
  const preview = parsePreview(ended.stdout ?? "");
  if (!preview)
    throw new UserError(
      firstLine(
        describeCliError(
          {
            code: ended.code,
            stderr: ended.stderr,
            all: undefined,
            shortMessage: `the preview ended with ${ended.exitCode ?? ended.signal}`,
          },
          stack,
        ).message,
      ),
    );
  const said = understand(preview);
  const [failure] = said.failures;
  if (failure !== undefined) throw new UserError(failed(stack, failure));
  if (ended.exitCode !== 0 && said.refusals.length === 0)
    throw new UserError(failed(stack, `it ended with ${ended.exitCode ?? ended.signal}`));
  assertNoMistake(stack, preview, said);
  return { preview, said };
}

/** The program names its faults alike, whether the config is wrong in itself or would cost data in this cluster. */
function assertNoMistake({ name, project }: Stack, { config }: Preview, { refusals }: Said): void {
  if (!refusals.some(({ where }) => where.startsWith(`${project}:`))) return;
  const mistakes = configFaults(config, { project, stack: name });
  if (mistakes.length === 0) return;
  const [{ path, message }] = mistakes as [(typeof mistakes)[number]];
  const more = mistakes.length > 1 ? `, and ${mistakes.length - 1} more` : "";
  throw new UserError(
    `stack "${name}": the config is wrong, so its preview says nothing: ${project}:${path}: ${message}${more}`,
  );
}

const failed = (stack: Stack, why: string) =>
  `stack "${stack.name}": the preview failed, so nothing is known of the data: ${firstLine(why)} (pulumi ` +
  "preview shows all of it)";

const firstLine = (text: string) => text.trim().split("\n").slice(0, 1).join("").trim();
