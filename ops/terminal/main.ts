import { UserError } from "../../model/user-error";
import { keepFile } from "../pulumi/scratch";
import { handleInterrupts } from "./interrupt";

/**
 * Runs a command with the arguments after its name. The number that `run` returns is the exit code (nothing: 0). A
 * user's mistake prints one message and exits with 1. Any other error also says which file has its detail; with DEBUG
 * set the detail is shown. Ctrl-C exits with 130.
 */
export async function main(run: (argv: string[]) => Promise<number | void>): Promise<void> {
  handleInterrupts();
  try {
    const code = await run(process.argv.slice(2));
    process.exitCode = typeof code === "number" ? code : 0;
  } catch (error) {
    process.stderr.write(`${describeFailure(error)}\n`);
    process.exitCode = 1;
  }
}

/** What a person sees of a failure. For an unexpected failure it writes the detail to a file and names the file. */
export function describeFailure(error: unknown, debug = process.env.DEBUG): string {
  if (error instanceof UserError) return error.message;
  // The person left a prompt with Ctrl-C.
  if (error instanceof Error && error.name === "ExitPromptError") return "nothing was changed";
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  if (debug) return detail;
  const summary = (error instanceof Error ? error.message : String(error)).split("\n")[0];
  const file = keepFile("error", "detail.log", `${detail}\n`);
  return `unexpected error: ${summary} (detail in ${file}; DEBUG=1 shows it here)`;
}
