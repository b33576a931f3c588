import { confirm, input } from "@inquirer/prompts";
import { UserError } from "../../model/user-error";

/** Asks before something is done. `yes` answers for the person; without that and without a terminal it is a no. */
export async function agreed(
  message: string,
  { yes = false, untouched }: { yes?: boolean; /** What to say where it isn't done. */ untouched: string },
): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY) throw new UserError(`${untouched}: there is no terminal to confirm on; pass --yes`);
  if (!(await confirm({ message, default: false }))) throw new UserError(untouched);
}

/** Asks for a name to be typed, for what can't be undone. */
export async function named(
  message: string,
  name: string,
  { yes = false, untouched }: { yes?: boolean; untouched: string },
): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY) throw new UserError(`${untouched}: there is no terminal to confirm on; pass --yes`);
  if ((await input({ message })).trim() !== name) throw new UserError(`that is not ${name}; ${untouched}`);
}
