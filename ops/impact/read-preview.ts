import { readFile } from "node:fs/promises";
import { UserError } from "../../model/user-error";
import { describeCliError } from "../pulumi/cli-errors";
import { runPreview } from "../pulumi/preview";
import { stackFile } from "../pulumi/project";
import type { Stack } from "../pulumi/stack";
import type { ImpactPreview, ResourceState } from "./changes";
import { configFaults } from "./config-faults";
import { understand, type Said } from "./diagnostics";

/** A preview from which the effect on the data can be told, whether or not the change is refused. */
export interface Previewed {
  preview: ImpactPreview;
  said: Said;
}

/**
 * Runs the stack's preview and reads its steps and diagnostics. Throws a UserError of one line if the preview failed
 * for a reason that has nothing to do with the data.
 */
export async function readPreview(stack: Stack): Promise<Previewed> {
  // Unchanged resources are needed too: for the engine, a volume that only loses its protection is "same".
  const { preview, result } = await runPreview<ResourceState>(stack, ["--show-sames"]);
  const { ok, code, stderr, endedWith } = result;
  if (!preview) {
    const shortMessage = `the preview ended with ${endedWith}`;
    throw new UserError(firstLine(describeCliError({ code, stderr, shortMessage }, stack).message));
  }
  const said = understand(preview);
  const [failure] = said.failures;
  if (failure !== undefined) throw new UserError(failed(stack, failure));
  if (!ok && said.refusals.length === 0) throw new UserError(failed(stack, `it ended with ${endedWith}`));
  await assertNoMistake(stack, preview, said);
  return { preview, said };
}

/** The program reports a fault of the config itself in the same way as a fault that would cost data in this cluster. */
async function assertNoMistake(
  { name, project, configFile }: Stack,
  { config }: ImpactPreview,
  { refusals }: Said,
): Promise<void> {
  if (!refusals.some(({ where }) => where.startsWith(`${project}:`))) return;
  const file = await readFile(configFile ?? stackFile(name), "utf8");
  const mistakes = configFaults(config, { project, stack: name }, file);
  if (mistakes.length === 0) return;
  const [{ path, message }] = mistakes as [(typeof mistakes)[number]];
  const more = mistakes.length > 1 ? `, and ${mistakes.length - 1} more` : "";
  throw new UserError(
    `stack "${name}": the config has a fault, so there was no preview: ` +
      `${path && `${project}:${path}: `}${message}${more}`,
  );
}

const failed = (stack: Stack, why: string) =>
  `stack "${stack.name}": the preview failed, so nothing is known of the data: ${firstLine(why)} (pulumi ` +
  "preview shows all of it)";

const firstLine = (text: string) => text.trim().split("\n").slice(0, 1).join("").trim();
