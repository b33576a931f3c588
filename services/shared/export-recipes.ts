import type { Stream } from "../../model/mover";
import type { Mount } from "../../model/container";

/** How a database's data leaves a running pod, and what every way has. */

export const shell = (script: string) => ({ exec: ["sh", "-c", script] });

/** Each of the volume's directories that the container has, or all of it. */
export const streamsOf = (mounts: Mount[], print: (directory: string) => string[]): Stream[] =>
  mounts.map(({ path, subPath }) => ({ exec: print(path), ...(subPath && { into: subPath }) }));

export const tar = (directory: string) => ["tar", "-C", directory, "-cf", "-", "."];

/** Unless somebody says so again: a job that is no more must not hold a service for good. */
export const holdSeconds = 600;

/** Lets go by itself; the latest begin's own number says whether somebody came after it. */
export const later = (letGo: string) =>
  `(sleep ${holdSeconds}; [ "$(cat /tmp/held)" = $$ ] && { ${letGo}; }) </dev/null >/dev/null 2>&1 &`;
