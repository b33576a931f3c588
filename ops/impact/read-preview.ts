import { UserError } from "../../model/user-error";
import { describeCliError } from "../pulumi/cli-errors";
import { runPreview } from "../pulumi/preview";
import type { Stack } from "../pulumi/stack";
import type { ImpactPreview, ResourceState } from "./changes";
import { configFaults } from "./config-faults";
import { understand, type Said } from "./diagnostics";

/** A preview that says something of the data, whether or not the change is refused. */
export interface Previewed {
  preview: ImpactPreview;
  said: Said;
}

/**
 * Runs the stack's preview and reads its steps and diagnostics. Throws a UserError of one line where it failed for
 * another reason than what becomes of the data.
 */
export async function readPreview(stack: Stack): Promise<Previewed> {
  // What doesn't change is asked for as well: a volume that only loses its protection is "same" to the engine.
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
  assertNoMistake(stack, preview, said);
  return { preview, said };
}

/** The program names its faults alike, whether the config is wrong in itself or would cost data in this cluster. */
function assertNoMistake({ name, project }: Stack, { config }: ImpactPreview, { refusals }: Said): void {
  if (!refusals.some(({ where }) => where.startsWith(`${project}:`))) return;
  const mistakes = configFaults(config, { project, stack: name });
  if (mistakes.length === 0) return;
  const [{ path, message }] = mistakes as [(typeof mistakes)[number]];
  const more = mistakes.length > 1 ? `, and ${mistakes.length - 1} more` : "";
  throw new UserError(
    `stack "${name}": the config has a fault, so there was no preview: ${project}:${path}: ${message}${more}`,
  );
}

const failed = (stack: Stack, why: string) =>
  `stack "${stack.name}": the preview failed, so nothing is known of the data: ${firstLine(why)} (pulumi ` +
  "preview shows all of it)";

const firstLine = (text: string) => text.trim().split("\n").slice(0, 1).join("").trim();
