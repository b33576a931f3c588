// @ts-check
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { firstOf, MoveError } from "./faults.mjs";

/** Of a disk full of complaints the first are enough. */
const limit = 4000;

/** A stream's own root directory is the volume's root, which isn't the service's to change. */
const ofTheRoot = /^tar: \.\/?: |^\.\/?: /;

/**
 * Unpacks a tar as it comes. Throws what tar complains of.
 * @param {AsyncIterable<Buffer>} stream @param {string} directory
 */
export async function unpack(stream, directory) {
  const complaints = await feed(
    ["--extract", "--preserve-permissions", "--no-overwrite-dir", "--file=-"],
    stream,
    directory,
  );
  if (complaints.length > 0)
    throw new MoveError(`the data can't be unpacked: ${firstOf(complaints)}`, {
      transient: !complaints.some((line) => line.includes("No space left")),
    });
}

/**
 * Directories, files and symbolic links, with owners, modes, hard links, holes, and times to the nanosecond.
 * Returns what tar complains of, such as a path that is gone.
 * @param {string} directory @param {NodeJS.ReadableStream} paths each with a null byte at its end, parents before their children
 * @param {(tar: NodeJS.ReadableStream) => Promise<void>} send
 */
export async function pack(directory, paths, send) {
  const options = [
    "--create",
    "--file=-",
    ...everything,
    "--sparse",
    "--format=posix",
    "--no-recursion",
    "--null",
    "--no-unquote",
    "--files-from=-",
  ];
  const child = spawn("tar", ["--directory", directory, ...options], {
    stdio: "pipe",
    env: { ...process.env, LC_ALL: "C" },
  });
  let complaints = "";
  child.stderr.on("data", (chunk) => (complaints = complaints.length < limit ? complaints + chunk : complaints));
  const ended = new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  // A tar that ends early says why; the rest of its list must not hold up who sends it.
  child.stdin.on("error", () => undefined).on("close", () => paths.resume());
  paths.on("close", () => child.stdin.end()).pipe(child.stdin);
  await Promise.all([send(child.stdout), ended]);
  return complaints.trim();
}

/**
 * Unpacks such a tar over what is there. Returns what tar complains of. @param {AsyncIterable<Buffer>} stream @param
 * {string} directory
 */
export async function restore(stream, directory) {
  const complaints = await feed(
    ["--extract", "--file=-", ...everything, "--preserve-permissions", "--same-owner", "--delay-directory-restore"],
    stream,
    directory,
  );
  return complaints.join("\n");
}

/** Numbers, for the pods know no names; and what cp copies too where both sides can have it. */
const everything = ["--numeric-owner", "--acls", "--xattrs"];

/**
 * What differs between a tar and what is in the directory. @param {AsyncIterable<Buffer>} stream @param {string}
 * directory
 */
export function compare(stream, directory) {
  return feed(["--compare", "--file=-"], stream, directory);
}

/**
 * @param {string[]} options @param {AsyncIterable<Buffer>} stream @param {string} directory
 * @returns {Promise<string[]>}
 */
async function feed(options, stream, directory) {
  const child = spawn("tar", ["--directory", directory, ...options], {
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...process.env, LC_ALL: "C" },
  });
  let output = "";
  for (const end of [child.stdout, child.stderr])
    end.on("data", (chunk) => (output = output.length < limit ? output + chunk : output));
  const ended = new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
  // Looked at below; until then it mustn't count as a mistake of ours.
  ended.catch(() => undefined);
  try {
    await pour(stream, child.stdin);
  } finally {
    child.stdin.end();
  }
  const code = await ended;
  const lines = output
    .split("\n")
    .filter(
      (line) => line !== "" && !ofTheRoot.test(line) && !/^tar: (Exiting with failure|Removing leading)/.test(line),
    );
  if (code !== 0 && output === "") return [`tar ended with ${code}`];
  return code === 0 ? [] : lines;
}

/**
 * To its very end, because only then its sender says whether it is whole. tar itself stops at the end of the archive,
 * or at its first trouble, and takes nothing more.
 * @param {AsyncIterable<Buffer>} stream @param {import("node:stream").Writable} sink
 */
async function pour(stream, sink) {
  sink.on("error", () => undefined);
  /** @type {() => void} */
  let go = () => undefined;
  sink.on("drain", () => go()).on("close", () => go());
  for await (const chunk of stream) {
    const drained = new Promise((resolve) => (go = () => resolve(undefined)));
    if (sink.writable && !sink.write(chunk)) await drained;
  }
}

/** @param {string} target @param {string | undefined} into */
export function directoryIn(target, into) {
  const directory = join(target, into ?? ".");
  // What a database asks of its directory; a volume's subdirectories come with their own modes where they are in the
  // stream.
  if (into) mkdirSync(directory, { recursive: true, mode: 0o700 });
  return directory;
}
