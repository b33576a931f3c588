import { writeFileSync } from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { UserError } from "../../model/user-error";
import { handleInterrupts } from "./interrupt";

/**
 * Runs a command with the arguments after its name; its number is the exit code (nothing: 0).
 * A user's mistake prints one message and exits 1; anything else also says where its detail is
 * (with DEBUG set it is shown). Ctrl-C ends with 130.
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

/** What a person sees of a failure. Writes the detail of an unexpected one to a file and names it. */
export function describeFailure(error: unknown, debug = process.env.DEBUG): string {
  if (error instanceof UserError) return error.message;
  // A prompt that was left with Ctrl-C.
  if (error instanceof Error && error.name === "ExitPromptError") return "nothing was changed";
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  if (debug) return detail;
  const summary = (error instanceof Error ? error.message : String(error)).split("\n")[0];
  const file = path.join(os.tmpdir(), `cluster-storage-error-${process.pid}.log`);
  writeFileSync(file, `${detail}\n`, { mode: 0o600 });
  return `unexpected error: ${summary} (detail in ${file}; DEBUG=1 shows it here)`;
}
