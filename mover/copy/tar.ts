import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { firstOf, MoveError } from "../faults";

/** Characters of errors that are kept: with a great many errors, the first are enough. */
const limit = 4000;

/** A stream's own root directory is the volume's root, which the service may not change. */
const ofTheRoot = /^tar: \.\/?: |^\.\/?: /;

/** Unpacks a tar while it arrives. Throws an error with what tar complains of. */
export async function unpack(stream: AsyncIterable<Buffer>, directory: string): Promise<void> {
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

/** Owners are numbers, because the pods know no user names. ACLs and extended attributes are included, as with cp. */
const everything = ["--numeric-owner", "--acls", "--xattrs"];

/**
 * Sends a tar of directories, files and symbolic links, with owners, modes, hard links, holes, and times to the
 * nanosecond. Returns what tar complains of, such as a path that is gone. `paths`: each with a null byte at its end,
 * parents before their children.
 */
export async function pack(
  directory: string,
  paths: Readable,
  send: (tar: Readable) => Promise<void>,
): Promise<string> {
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
  const child = spawnTar(directory, options);
  let complaints = "";
  child.stderr.on("data", (chunk) => (complaints = complaints.length < limit ? complaints + chunk : complaints));
  const ended = endOf(child);
  // If tar ends early, it says why. The rest of the list is then read and dropped, so that its sender isn't held up.
  child.stdin.on("error", () => undefined).on("close", () => paths.resume());
  paths.on("close", () => child.stdin.end()).pipe(child.stdin);
  await Promise.all([send(child.stdout), ended]);
  return complaints.trim();
}

/** Unpacks such a tar over what the directory holds. Returns what tar complains of. */
export async function restore(stream: AsyncIterable<Buffer>, directory: string): Promise<string> {
  const complaints = await feed(
    ["--extract", "--file=-", ...everything, "--preserve-permissions", "--same-owner", "--delay-directory-restore"],
    stream,
    directory,
  );
  return complaints.join("\n");
}

/** What differs between a tar and what is in the directory. */
export function compare(stream: AsyncIterable<Buffer>, directory: string): Promise<string[]> {
  return feed(["--compare", "--file=-"], stream, directory);
}

const spawnTar = (directory: string, options: string[]) =>
  spawn("tar", ["--directory", directory, ...options], { stdio: "pipe", env: { ...process.env, LC_ALL: "C" } });

const endOf = (child: ReturnType<typeof spawnTar>) =>
  new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));

async function feed(options: string[], stream: AsyncIterable<Buffer>, directory: string): Promise<string[]> {
  const child = spawnTar(directory, options);
  let output = "";
  for (const end of [child.stdout, child.stderr])
    end.on("data", (chunk) => (output = output.length < limit ? output + chunk : output));
  const ended = endOf(child);
  // It is awaited below; until then it must not count as a rejection that nobody handles.
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

/** Every archive ends with two blocks of zeros. Where they are cut off between two files, tar says nothing. */
const archiveEnd = 1024;

/**
 * Reads the stream to its very end, because only there the sender says whether it is whole. tar itself stops reading at
 * the end of the archive or at its first error.
 */
async function pour(stream: AsyncIterable<Buffer>, sink: Writable): Promise<void> {
  let go = () => {};
  sink.on("error", () => undefined);
  sink.on("drain", () => go()).on("close", () => go());
  let end = Buffer.alloc(0);
  for await (const chunk of stream) {
    end = Buffer.concat([end, chunk.subarray(-archiveEnd)]).subarray(-archiveEnd);
    const drained = new Promise<void>((resolve) => (go = resolve));
    if (sink.writable && !sink.write(chunk)) await drained;
  }
  if (end.length < archiveEnd || end.some((byte) => byte !== 0))
    throw new MoveError("the stream ended before its archive did, so some of the data is missing", { transient: true });
}

/** The directory of the target that a stream fills; it is made where it is missing. */
export function directoryIn(target: string, into: string | undefined): string {
  const directory = join(target, into ?? ".");
  // A database wants this mode of its directory; a volume's subdirectories come with their own modes where they are in
  // the stream.
  if (into) mkdirSync(directory, { recursive: true, mode: 0o700 });
  return directory;
}
