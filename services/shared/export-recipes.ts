import type { Stream } from "../../model/export-recipe";
import type { Mount } from "../../model/container";

/** The parts that export recipes are made of. */

/** A script as a command. */
export const shell = (script: string) => ({ exec: ["sh", "-c", script] });

/** One stream for each mount of the volume. `print`: the command that prints a directory as a tar. */
export const streamsOf = (mounts: Mount[], print: (directory: string) => string[]): Stream[] =>
  mounts.map(({ path, subPath }) => ({ exec: print(path), ...(subPath && { into: subPath }) }));

/** The command that prints a directory as a tar. */
export const tar = (directory: string) => ["tar", "-C", directory, "-cf", "-", "."];

/** How long a hold lasts that nobody renews: a job that has died must not hold a service for ever. */
export const holdSeconds = 600;

/**
 * Runs `letGo` when the hold has lasted so long. A later `begin` has written its own process id, and renews the hold.
 */
export const later = (letGo: string) =>
  `(sleep ${holdSeconds}; [ "$(cat /tmp/held)" = $$ ] && { ${letGo}; }) </dev/null >/dev/null 2>&1 &`;
