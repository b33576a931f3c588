import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { versionFile } from "../../model/mover-version";

/** Where the programs are in the mover's pods. */
const directory = "/mover";

/** The version of the programs that this process is one of; undefined where they have none. */
export function ownVersion(program = process.argv[1] ?? ""): string | undefined {
  try {
    return readFileSync(join(dirname(program), versionFile), "utf8");
  } catch {
    return undefined;
  }
}

const changed =
  "the mover's programs were changed while this move ran, by an update with another version of this project; nothing " +
  "was copied; the next update makes the move with one version";

/**
 * A pod's command for one of the programs, which runs only where the pod has the programs of the same `version`: an
 * update may have put others there meanwhile, older ones too, that know nothing of this move's rules. So the check is
 * a part of the command, and not of the program.
 */
export const commandOf = (version: string | undefined, [file = "", ...args]: string[]): string[] =>
  version === undefined
    ? ["node", join(directory, file), ...args]
    : ["node", "--eval", checked(version, file), "--", file, ...args];

// CommonJS, because the program's threads take over the process's options, and refuse a file for --input-type=module.
const checked = (version: string, file: string) => `const { readFileSync, writeFileSync } = require("node:fs");
let found;
try { found = readFileSync("${join(directory, versionFile)}", "utf8"); } catch {}
if (found === ${JSON.stringify(version)}) import("${join(directory, file)}");
else {
  const text = ${JSON.stringify(JSON.stringify({ error: changed, transient: false }))};
  process.stdout.write(text + "\\n");
  writeFileSync("/dev/termination-log", text);
  process.exitCode = 3;
}`;
