import type { Mount } from "./container";
import type { Exec } from "./export-recipe";

/**
 * Prints a hash that changes with every write to the mounts' files. It ends with a pause of a second, so that a later
 * write has a later timestamp. `changing`: names of files and directories that are left out.
 */
export function listing(mounts: readonly Mount[], changing: readonly string[] = []): Exec {
  const names = changing.map((name) => ` ! -path '*/${name}' ! -path '*/${name}/*'`);
  // What is left out changes the time of the directory that has it.
  const chosen = names.length > 0 ? ` ! -type d${names.join("")}` : "";
  const each = mounts.map(({ path }) => `cd ${path}; find .${chosen} -exec stat -c '%n %i %f %u:%g %s %Y %Z' {} +`);
  const script = `set -e; stat -c %Z / >/dev/null; (${each.join("; ")}) | sort | sha256sum; sleep 1`;
  return { exec: ["sh", "-c", script] };
}
