import { readdir, readFile, rm } from "node:fs/promises";
import { hostname } from "node:os";
import * as path from "node:path";
import { z } from "zod";
import { ifThere } from "./if-there";
import { isOwnDisk } from "./own-disk";
import { findProcess, type ProcessFact } from "./process";

/** A lock file of Pulumi's file backend: it says who is updating the stack, or who was when the update died. */
export interface Lock {
  file: string;
  pid: number;
  username: string;
  hostname: string;
  /** When the lock was taken. */
  timestamp: Date;
}

/** The machine that looks at a lock. */
export interface Machine {
  hostname: string;
  /** Whether no other machine can write where the lock is. A name proves nothing: two machines may have one name. */
  ownDisk: boolean;
}

export interface LockVerdict {
  lock: Lock;
  /** True only for a lock that was taken on this machine, by a process that is gone. */
  free: boolean;
  /** One clause saying why. */
  why: string;
}

const content = z.object({ pid: z.number(), username: z.string(), hostname: z.string(), timestamp: z.coerce.date() });

/**
 * Clocks and the kernel's start times are coarse. Only a process that is younger than the lock by more than this counts
 * as another one.
 */
const slackMs = 2_000;

/**
 * Decides whether a lock may be removed, and changes nothing. `process`: the process with the lock's id on
 * this host now.
 */
export function judgeLock(lock: Lock, { hostname, ownDisk }: Machine, process: ProcessFact | undefined): LockVerdict {
  const holder = `${lock.username}@${lock.hostname}, process ${lock.pid}, since ${lock.timestamp.toISOString()}`;
  if (lock.hostname !== hostname)
    return {
      lock,
      free: false,
      why: `held by ${holder}: another host, so this machine can't tell whether it still runs`,
    };
  if (!ownDisk)
    return {
      lock,
      free: false,
      why:
        `held by ${holder}: the state is on a disk that other machines may share, and one of them may be called ` +
        `${hostname} as well, so this machine can't tell whether it still runs; when nobody updates the stack any ` +
        "more, pulumi cancel frees it",
    };
  if (!process) return { lock, free: true, why: `process ${lock.pid} of this host is gone` };
  if (process.started.getTime() > lock.timestamp.getTime() + slackMs) {
    return {
      lock,
      free: true,
      why: `process ${lock.pid} of this host is gone, its number is now another's (${process.name})`,
    };
  }
  if (!/^pulumi/.test(process.name))
    return { lock, free: true, why: `process ${lock.pid} of this host is no pulumi but ${process.name}` };
  return { lock, free: false, why: `held by ${holder}: it is still running` };
}

/** Judges all locks of a stack in a file backend, as this machine can. */
export async function judgeLocks(backend: string, project: string, stack: string): Promise<LockVerdict[]> {
  const locks = await readLocks(backend, project, stack);
  const machine = { hostname: hostname(), ownDisk: locks.length > 0 && (await isOwnDisk(backend)) };
  return Promise.all(locks.map(async (lock) => judgeLock(lock, machine, await findProcess(lock.pid))));
}

/** The lock files of a stack in a file backend. A file that can't be understood is reported with an unknown holder. */
export async function readLocks(backend: string, project: string, stack: string): Promise<Lock[]> {
  const directory = path.join(backend, ".pulumi", "locks", "organization", project, stack);
  const names = (await ifThere(readdir(directory))) ?? [];
  const locks = await Promise.all(
    names.filter((name) => name.endsWith(".json")).map((name) => readLock(path.join(directory, name))),
  );
  return locks.filter((lock) => lock !== undefined);
}

/** Removes exactly this lock. `pulumi cancel` would remove every lock, also one that somebody has taken since. */
export async function removeLock(lock: Lock): Promise<void> {
  await Promise.all([lock.file, `${lock.file}.attrs`].map((file) => rm(file, { force: true })));
}

async function readLock(file: string): Promise<Lock | undefined> {
  const written = await ifThere(readFile(file, "utf8"));
  if (written === undefined) return undefined; // Released since the directory was read.
  try {
    return { file, ...content.parse(JSON.parse(written)) };
  } catch {
    return { file, pid: 0, username: "unknown", hostname: `unreadable lock file ${file}`, timestamp: new Date(0) };
  }
}
