import { confirm, input } from "@inquirer/prompts";
import { UserError } from "../../model/user-error";

/**
 * Asks before a command changes something. `yes` answers for the person. Without `yes` and without a terminal the
 * answer is no.
 */
export async function agreed(
  message: string,
  { yes = false, untouched }: { yes?: boolean; /** What to say where the change isn't made. */ untouched: string },
): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY) throw new UserError(`${untouched}: there is no terminal to confirm on; pass --yes`);
  if (!(await confirm({ message, default: false }))) throw new UserError(untouched);
}

/** Asks the person to type a name, before something that can't be undone. */
export async function named(
  message: string,
  name: string,
  { yes = false, untouched }: { yes?: boolean; untouched: string },
): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY) throw new UserError(`${untouched}: there is no terminal to confirm on; pass --yes`);
  if ((await input({ message })).trim() !== name) throw new UserError(`that is not ${name}; ${untouched}`);
}
