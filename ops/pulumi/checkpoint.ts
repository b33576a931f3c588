import { copyFile, readFile, rename, rm } from "node:fs/promises";
import * as path from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { UserError } from "../../model/user-error";
import { ifThere } from "./if-there";
import type { Deployment } from "./state";

/** A stack's state in a file backend. `broken`: the file exists but can't be read. */
export type Checkpoint =
  | { status: "absent" }
  | { status: "broken"; file: string }
  | { status: "readable"; file: string; deployment: Deployment };

/** Reads a stack's state directly from the file backend, without starting the CLI. Secrets in it stay encrypted. */
export async function readCheckpoint(backend: string, project: string, stack: string): Promise<Checkpoint> {
  const plain = path.join(backend, ".pulumi", "stacks", project, `${stack}.json`);
  for (const file of [plain, `${plain}.gz`]) {
    const bytes = await ifThere(readFile(file));
    if (!bytes) continue;
    const deployment = await parse(file, bytes);
    return deployment ? { status: "readable", file, deployment } : { status: "broken", file };
  }
  return { status: "absent" };
}

/**
 * Replaces a broken state with the copy that Pulumi made before its last write, and keeps the broken one. Returns a
 * message for the person.
 */
export async function restoreBackup(file: string): Promise<string> {
  const backup = `${file}.bak`;
  const bytes = await ifThere(readFile(backup));
  if (!bytes || !(await parse(file, bytes))) {
    throw new UserError(
      `the state ${file} cannot be read and neither can ${backup}: nothing was changed; older copies are ` +
        `in ${path.join(file, "../../../backups")}`,
    );
  }
  const kept = `${file}.broken-${Date.now()}`;
  await copyFile(file, kept);
  // The side file holds a checksum of the broken state, so it must go.
  await rm(`${file}.attrs`, { force: true });
  await copyFile(backup, `${file}.restored`);
  await rename(`${file}.restored`, file);
  return (
    "the state file could not be read: restored the copy from before its last write (the broken one is kept " +
    `as ${kept})`
  );
}

/**
 * Removes the state's side file if it was cut short. Unlike the state it isn't written in one go, and a broken one
 * keeps the CLI from reading the state ("failed to load checkpoint: EOF"). It only holds a content type and a checksum.
 * Returns a message for the person.
 */
export async function removeCutSideFile(file: string): Promise<string | undefined> {
  const side = `${file}.attrs`;
  const text = await ifThere(readFile(side, "utf8"));
  if (text === undefined || isJson(text)) return undefined;
  await rm(side);
  return `removed ${side}, which was cut short and kept the state from being read; the state itself is whole`;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

async function parse(file: string, bytes: Buffer): Promise<Deployment | undefined> {
  try {
    const text = file.endsWith(".gz") ? await promisify(gunzip)(bytes) : bytes;
    const content = JSON.parse(text.toString("utf8")) as {
      version?: unknown;
      checkpoint?: { stack?: unknown; latest?: Deployment };
    };
    if (content.version === undefined || content.checkpoint === undefined) return undefined;
    return content.checkpoint.latest ?? {};
  } catch {
    return undefined;
  }
}
