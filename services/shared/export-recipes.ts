import type { Stream } from "../../model/export-recipe";
import type { Mount } from "../../model/container";

/** The parts that export recipes are made of. */

/** A script as a command. */
export const shell = (script: string) => ({ exec: ["sh", "-c", script] });

/** One stream for each mount of the volume. `print`: the command that prints a directory as a tar. */
export const streamsOf = (mounts: Mount[], print: (directory: string) => string[]): Stream[] =>
  mounts.map(({ path, subPath }) => ({ exec: print(path), blocks: blocksOf(path), ...(subPath && { into: subPath }) }));

/**
 * The command that prints a directory as a tar. GNU tar leaves holes out; with other programs, such as BusyBox, holes
 * are sent as zeros.
 */
export const tar = (directory: string) => [
  "sh",
  "-c",
  'case "$(tar --version 2>/dev/null)" in *"GNU tar"*) set -- --sparse ;; esac; exec tar -C "$0" "$@" -cf - .',
  directory,
];

/** Lists the files of at least 64 KiB, the smallest that are worth it. */
const blocksOf = (directory: string) => [
  "sh",
  "-c",
  `cd "$0" && find . -type f -size +63k -exec stat -c '%b %s %n' {} +`,
  directory,
];

/** How long a hold lasts that nobody renews: a job that has died must not hold a service for ever. */
export const holdSeconds = 600;

/**
 * Runs `letGo` when the hold has lasted so long. A later `begin` has written its own process id, and renews the hold.
 */
export const later = (letGo: string) =>
  `(sleep ${holdSeconds}; [ "$(cat /tmp/held)" = $$ ] && { ${letGo}; }) </dev/null >/dev/null 2>&1 &`;
