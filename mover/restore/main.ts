// The program of a restore's pods: `restore.mjs measure`, `restore.mjs copy`, or `restore.mjs keys`, which prints what
// a point has of the service's Secret to who runs it there. The environment variable RESTORE holds its task.
import type { RestoreTask } from "../../model/restore";
import { prepareRestic } from "../backup/prepare";
import { errorOf } from "../faults";
import { runOutcome } from "../outcome";
import { keysOf } from "./keys";
import { measureRestore, restore } from "./restore";

const options = {
  work: process.env.BACKUP_WORK ?? "/work",
  patience: Number(process.env.BACKUP_PATIENCE ?? 60) * 1000,
};

function readTask(): RestoreTask {
  prepareRestic(options.work);
  return JSON.parse(process.env.RESTORE ?? "");
}

async function printKeys(): Promise<void> {
  try {
    process.stdout.write(JSON.stringify(await keysOf(readTask(), options)));
  } catch (error) {
    process.stderr.write(`${errorOf(error).message}\n`);
    process.exitCode = 1;
  }
}

if (process.argv[2] === "keys") void printKeys();
else
  void runOutcome(async (action) =>
    action === "measure" ? measureRestore(readTask(), options) : restore(readTask(), options),
  );
