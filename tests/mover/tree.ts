import { execa } from "execa";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  linkSync,
  lutimesSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Copied, Measured, Outcome } from "../../model/mover";
import { moverDirectory } from "./compiled";

const program = join(moverDirectory(), "copy.mjs");
const server = join(moverDirectory(), "serve.mjs");

export interface Trees {
  root: string;
  source: string;
  target: string;
}

/** An empty source and an empty target. `user`: who owns both. */
export function makeTrees(user?: number): Trees {
  const root = mkdtempSync(join(tmpdir(), "mover-"));
  chmodSync(root, 0o755);
  const trees = { root, source: join(root, "source"), target: join(root, "target") };
  for (const directory of [trees.source, trees.target]) mkdirSync(directory);
  if (user !== undefined) execFileSync("chown", ["-R", `${user}:${user}`, root]);
  return trees;
}

export function removeTrees({ root }: Trees): void {
  rmSync(root, { recursive: true, force: true });
}

/** A file name that is no text in any encoding. */
const oddBytes = Buffer.from([0x62, 0x61, 0x64, 0xff, 0xfe]);

/** Everything that a volume may hold and a program can make without being root. */
export async function fillSource(source: string): Promise<void> {
  mkdirSync(join(source, "data/empty"), { recursive: true });
  writeFileSync(join(source, "data/plain"), "plain\n");
  writeFileSync(join(source, "data/secret"), "secret", { mode: 0o600 });
  writeFileSync(join(source, "data/program"), "#!/bin/sh\n", { mode: 0o755 });
  chmodSync(join(source, "data/program"), 0o4755);
  writeFileSync(join(source, "data/new\nline"), "odd name");
  writeFileSync(Buffer.concat([Buffer.from(`${source}/data/`), oddBytes]), "odd bytes");
  writeFileSync(join(source, "data/-rf"), "like an option");
  writeFileSync(join(source, "data/empty file"), "");
  writeFileSync(join(source, "sparse"), "start");
  truncateSync(join(source, "sparse"), 64 * 1024 * 1024);
  linkSync(join(source, "data/plain"), join(source, "z-second-name"));
  symlinkSync("../nowhere", join(source, "data/broken"));
  symlinkSync("plain", join(source, "data/link"));
  lutimesSync(join(source, "data/link"), 1, 1);
  execFileSync("mkfifo", [join(source, "data/fifo")]);
  await makeSocket(join(source, "data/socket"));
  execFileSync("touch", ["-d", "2001-02-03 04:05:06.123456789", join(source, "data/plain")]);
  mkdirSync(join(source, "read-only"));
  writeFileSync(join(source, "read-only/inside"), "inside");
  chmodSync(join(source, "read-only"), 0o555);
  execFileSync("touch", ["-d", "2002-03-04 05:06:07.987654321", join(source, "read-only"), join(source, "data")]);
}

/** The server's end would take the socket's file with it: another name keeps it. */
async function makeSocket(path: string): Promise<void> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(`${path}.listening`, listening));
  linkSync(`${path}.listening`, path);
  await new Promise((closed) => server.close(closed));
}

/** Type, mode, owner, time in nanoseconds, links and content of everything in a tree, for people to compare. */
export function describeTree(directory: string): string[] {
  const list =
    String.raw`find . -mindepth 1 -printf '%P|%y|%m|%U:%G|%T@|%n|%l|' ` +
    String.raw`\( -type f -exec sha256sum -z {} \; -o -printf '\n' \)`;
  return execFileSync("sh", ["-c", list], { cwd: directory, encoding: "latin1" }).split("\n").sort();
}

export interface RunOptions {
  /** Whether another process has the source, as on another node, and serves it. */
  served?: boolean;
  /** Where it is served already. */
  remote?: Serving["remote"];
  user?: number;
  env?: NodeJS.ProcessEnv;
  replace?: boolean;
  resume?: boolean;
  size?: string;
  signal?: AbortSignal;
}

export interface Ended {
  code: number | null;
  outcome: Outcome;
  lines: string[];
}

export const key = "of-a-test".repeat(5);

/** A volume that is served to who has the key, and the server's process. */
export interface Serving {
  remote: { host: string; port: number; identity: string };
  stop: (signal?: NodeJS.Signals) => boolean;
  /** Its exit code. */
  ended: Promise<number | null>;
}

export interface ServeOptions {
  user?: number;
  env?: NodeJS.ProcessEnv;
  identity?: string;
  sourceName?: string;
  idle?: number;
}

/** Serves a directory as the pod at a move's source would. */
export async function serve(source: string, { user, env, ...change }: ServeOptions = {}): Promise<Serving> {
  const ids = user === undefined ? {} : { uid: user, gid: user };
  const task = { source, sourceName: "data", identity: "data-1-to-2", port: 0, ...change };
  const child = spawn(process.execPath, [server], {
    ...ids,
    env: { ...process.env, SERVE: JSON.stringify(task), KEY: key, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(child, "exit").then(([code]) => code as number | null);
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const { port } = JSON.parse(line.toString()) as { port: number };
  return { remote: { host: "127.0.0.1", port, identity: task.identity }, stop: (signal) => child.kill(signal), ended };
}

/**
 * Runs the copy program as a copy pod would, and returns how it ended. `signal` ends it as a pod's end does, with all
 * that it started.
 */
export async function runCopy(
  action: "measure" | "copy",
  { source, target, root }: Trees,
  { served, remote, user, env, replace = false, resume = false, size, signal }: RunOptions = {},
): Promise<Ended> {
  const serving = served ? await serve(source, { user }) : undefined;
  const from = remote ?? serving?.remote;
  const where = from ? { source: "/nowhere", remote: from } : { source };
  const task = {
    ...where,
    target,
    sourceName: "data",
    targetName: "data-2",
    sourceId: "source-uid",
    replace,
    resume,
    size,
  };
  const OUTCOME = join(root, "outcome");
  rmSync(OUTCOME, { force: true });
  const ids = user === undefined ? {} : { uid: user, gid: user };
  const child = execa(process.execPath, [program, action], {
    ...ids,
    env: { COPY: JSON.stringify(task), KEY: key, OUTCOME, ...env },
    detached: true,
    reject: false,
  });
  signal?.addEventListener(
    "abort",
    () => child.exitCode === null && child.pid !== undefined && process.kill(-child.pid, "SIGKILL"),
  );
  const { exitCode, stdout } = await child;
  serving?.stop();
  const lines = stdout.trim().split("\n");
  return { code: exitCode ?? null, lines, outcome: parse(lines.at(-1)) };
}

function parse(line = ""): Outcome {
  try {
    return JSON.parse(line) as Outcome;
  } catch {
    return { error: line, transient: true };
  }
}

/** What a run found that has to have gone well. */
export function resultOf({ outcome }: Ended): Measured & Copied {
  if ("error" in outcome) throw new Error(outcome.error);
  return outcome.result as Measured & Copied;
}

export function errorOf({ outcome }: Ended): string {
  if ("result" in outcome) throw new Error(`it went well: ${JSON.stringify(outcome.result)}`);
  return outcome.error;
}
