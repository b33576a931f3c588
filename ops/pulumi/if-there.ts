import { UserError } from "../../model/user-error";

/**
 * Returns what was read; undefined where there is no such file. Throws a UserError where the file is there and can't be
 * read, because nothing can be concluded from that.
 */
export async function ifThere<T>(read: Promise<T>): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new UserError(
      `the stack's own files can't be read (${(error as Error).message}): nothing was changed; run this as ` +
        "the user who updates the stack",
    );
  }
}
