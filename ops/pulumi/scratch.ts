import { lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { isAlive, readProcess, type Identity } from "../../local-cluster/instance/processes";

/*
 * Everything that a command keeps for itself in the machine's directory for temporary files. Others may write there
 * too, so no name can be foreseen and nothing that is there already is written to. What a command needed is gone when
 * it ends, however it ends; after a SIGKILL the next command removes it.
 */

const PREFIX = "cluster-storage-";
/** In each directory: the process that it belongs to. */
const OWNER = ".owner";
const held = new Set<string>();

/** Gives `work` a directory that only this user can read. It is removed on every way out, signals included. */
export async function withDirectory<T>(purpose: string, work: (directory: string) => Promise<T>): Promise<T> {
  prepare();
  const directory = makeDirectory(purpose);
  held.add(directory);
  writePrivate(path.join(directory, OWNER), JSON.stringify(thisOwner()));
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
    held.delete(directory);
  }
}

/** Writes a new file that only this user can read. Throws where there is anything of that name. */
export function writePrivate(file: string, text: string): void {
  writeFileSync(file, text, { mode: 0o600, flag: "wx" });
}

/** Writes a file that stays for a person to read, and returns its path. Only this user can read it. */
export function keepFile(purpose: string, name: string, text: string): string {
  const file = path.join(makeDirectory(purpose), name);
  writePrivate(file, text);
  return file;
}

const makeDirectory = (purpose: string) => mkdtempSync(path.join(tmpdir(), `${PREFIX}${purpose}-`));

let prepared = false;

/** Once for each process: removes what killed ones left, and sees to it that this one leaves nothing. */
function prepare(): void {
  if (prepared) return;
  prepared = true;
  removeLeft();
  // Every command exits after a signal (ops/terminal/interrupt.ts): at once, or when its children have ended.
  process.on("exit", () => {
    for (const directory of held) rmSync(directory, { recursive: true, force: true });
  });
}

/** A process of this machine since it started. `namespace`: only there does the number mean this process. */
interface Owner extends Identity {
  boot: string;
  namespace: string;
}

function thisOwner(): Owner {
  const startTime = readProcess(process.pid)?.startTime ?? "";
  return { pid: process.pid, startTime, boot: bootOf(), namespace: namespaceOf() };
}

const orNone = (read: () => string): string => {
  try {
    return read();
  } catch {
    return ""; // Only Linux has these files.
  }
};
const bootOf = () => orNone(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim());
const namespaceOf = () => orNone(() => readlinkSync("/proc/self/ns/pid"));

/** Removes the directories of dead processes of this user. Others' are left alone, and so are those of containers. */
function removeLeft(): void {
  for (const name of readdirSync(tmpdir()).filter((name) => name.startsWith(PREFIX))) {
    const directory = path.join(tmpdir(), name);
    try {
      const found = lstatSync(directory);
      if (!found.isDirectory() || found.uid !== process.getuid?.()) continue;
      const owner = JSON.parse(readFileSync(path.join(directory, OWNER), "utf8")) as Owner;
      if (isDead(owner)) rmSync(directory, { recursive: true, force: true });
    } catch {
      // It has no owner, or somebody else removed it just now.
    }
  }
}

function isDead(owner: Owner): boolean {
  if (owner.boot !== bootOf()) return true;
  if (owner.namespace !== namespaceOf()) return false;
  if (owner.startTime !== "") return !isAlive(owner);
  try {
    process.kill(owner.pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}
