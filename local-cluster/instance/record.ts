import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../model/user-error";
import { instanceDir, stateDir } from "../paths";
import { cgroupOf, layoutOf, type Layout } from "./layout";
import type { Identity } from "./processes";

/** What is kept of an instance between runs, in `instance.json`. */
export interface InstanceRecord {
  name: string;
  /** The checkout that started it last. */
  owner: string;
  /** Other checkouts that started it before, the first one first: their data is in it as well. */
  earlier?: string[];
  slot: number;
  /** Its control groups; absent in a record of an earlier version, whose groups have the name of the instance alone. */
  cgroup?: string;
  durable: boolean;
  /** `running` from before anything is created until everything is removed. */
  phase: "running" | "stopped";
  /** For an instance that isn't durable: the test run that it belongs to. */
  holder?: Identity;
  tools: { bin: string; env: Record<string, string> };
}

/** The instance's control groups as they are, whichever version made them. */
export const recordedCgroup = (name: string, record: InstanceRecord | undefined): string =>
  record ? (record.cgroup ?? `cluster-storage-${name}`) : cgroupOf(name);

export const recordedLayout = (record: InstanceRecord): Layout =>
  layoutOf(record.name, record.slot, recordedCgroup(record.name, record));

const DELETING = ".deleting";

/**
 * Removes an instance's directory. It is renamed first, so that a killed removal never leaves half an instance; the
 * next run removes the rest.
 */
export async function removeDirectory(dir: string): Promise<void> {
  await finishDeleting(dir);
  if (!existsSync(dir)) return;
  renameSync(dir, dir + DELETING);
  await finishDeleting(dir);
}

/** Removes what a killed `removeDirectory` left. */
export function finishDeleting(dir: string): Promise<void> {
  return rm(dir + DELETING, { recursive: true, force: true });
}

/** The instance's record; undefined when there is no such instance. Throws UserError when it can't be read. */
export function readRecord(name: string): InstanceRecord | undefined {
  const file = recordFile(name);
  if (!existsSync(file)) return undefined;
  try {
    return JSON.parse(readFileSync(file, "utf8")) as InstanceRecord;
  } catch (error) {
    throw new UserError(
      `${file} is damaged (${(error as Error).message}). Nothing was changed. Restore the file, or delete the ` +
        `directory ${instanceDir(name)}: that deletes this local cluster with all its data.`,
    );
  }
}

/** The record is written completely or not at all. */
export function writeRecord(record: InstanceRecord): void {
  const file = recordFile(record.name);
  mkdirSync(instanceDir(record.name), { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.new`, `${JSON.stringify(record, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** Names of all instances of this user. */
export function instanceNames(): string[] {
  const directory = join(stateDir(), "instances");
  return existsSync(directory)
    ? readdirSync(directory).filter((name) => !name.endsWith(DELETING) && existsSync(recordFile(name)))
    : [];
}

function recordFile(name: string): string {
  return join(instanceDir(name), "instance.json");
}
