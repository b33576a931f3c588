import { renameSync } from "node:fs";
import { join } from "node:path";
import type { Copied } from "../../model/mover";
import type { ExportRecipe, Stream } from "../../model/export-recipe";
import { notKept, readTree } from "../copy/check";
import { copiedOf } from "../copy/copy";
import { run } from "../copy/cp";
import { Hashers } from "../copy/hashing";
import { syncDirectory } from "../copy/marker";
import { compare, directoryIn, unpack } from "../copy/tar";
import { filesOf, type Entry } from "../copy/walk";
import { firstOf, MoveError } from "../faults";
import { isOurs } from "../orchestrate/mounts";
import type { Pod } from "../orchestrate/objects";
import { formatBytes } from "../../model/quantity";
import { compareManifest } from "./backup-manifest";
import { execute, outputOf } from "./exec";
import type { Hold } from "./hold";
import { digHoles } from "./holes";
import type { Leaving } from "./leaving";

/** In a pod that was made by hand, files may belong to root. Unpacked files belong to the service's user. */
const ofAnother = /: [UG]id differs$/;

/** A volume whose data leaves its pod. */
export interface Leaves {
  context: Leaving;
  exportRecipe: ExportRecipe;
}

/** What has left a volume. */
interface Taken<Part> {
  part: Part;
  copied: Copied;
  /** The SHA-256 of each file, by what stays of it where it gets another name afterwards (`stateOf`). */
  digests: Map<string, string>;
}

/**
 * Streams the volumes of a held pod, each to the directory that `open` makes for it, and compares them there. Throws
 * where one differs from the pod's, or was written to meanwhile.
 */
export async function streamAll<Part extends Leaves>(
  pod: Pod,
  parts: Part[],
  hold: Pick<Hold, "tighten">,
  open: (part: Part) => string,
): Promise<Taken<Part>[]> {
  const before = await marksOf(pod, parts);
  const taken: Taken<Part>[] = [];
  for (const part of parts) taken.push({ part, ...(await stage(part.context, pod, part.exportRecipe, open(part))) });
  await hold.tighten();
  const after = await marksOf(pod, parts);
  const changed = parts.find((_, i) => after[i] !== before[i]);
  if (changed)
    throw new MoveError(`${changed.context.service} went on writing while its data was copied`, { transient: true });
  return taken;
}

/** The mark of each volume as it is now. The same marks later mean that nothing was written. */
async function marksOf(pod: Pod, parts: Leaves[]): Promise<string[]> {
  const marks: string[] = [];
  for (const { context, exportRecipe } of parts) marks.push(await markOf(context, pod, exportRecipe));
  return marks;
}

async function markOf({ api, paths }: Leaving, pod: Pod, { mark, container }: ExportRecipe): Promise<string> {
  return mark ? outputOf(api.server, paths.pod(pod.metadata.name), container, mark.exec) : "";
}

/** Streams the data to a directory and compares it there. Throws where the data differs from the pod's. */
async function stage(
  context: Leaving,
  pod: Pod,
  recipe: ExportRecipe,
  staging: string,
): Promise<Omit<Taken<never>, "part">> {
  const started = performance.now();
  const { arrival, api, paths } = context;
  const { streams, verify, rename = [], container } = recipe;
  const stream = ({ exec }: Stream, doing: string) =>
    counted(context, execute(api.server, paths.pod(pod.metadata.name), container, exec), doing);
  for (const part of streams) {
    const directory = directoryIn(staging, part.into);
    await unpack(stream(part, "streaming"), directory);
    if (part.blocks)
      await digHoles(await outputOf(api.server, paths.pod(pod.metadata.name), container, part.blocks), directory);
  }
  // What a backup stages goes with its pod, so it need not be on a disk.
  const unsynced = context.act === "backup" ? "" : await run("sync", ["--file-system", staging]);
  if (unsynced) throw notKept(arrival, unsynced);
  const compareAll = async () => {
    const found: string[] = [];
    for (const part of streams)
      found.push(...(await compareAgain(pod, stream(part, "comparing"), directoryIn(staging, part.into))));
    return found;
  };
  // Side by side, because what one of the two has read is in memory for the other.
  const [{ entries, digests }, differing] = await Promise.all([
    digestTree(staging),
    verify === "backup-manifest" ? [] : compareAll(),
  ]);
  const faults =
    verify === "backup-manifest"
      ? streams.flatMap((part) => compareManifest(staging, part.into ?? ".", digests))
      : differing;
  if (faults.length > 0)
    throw new MoveError(`the copy on ${arrival} is not like what the pod has: ${firstOf(faults)}`, {
      transient: verify === "again",
    });
  for (const { from, to } of rename) renameSync(join(staging, from), join(staging, to));
  for (const directory of new Set([".", ...rename.map(({ to }) => join(to, ".."))]))
    syncDirectory(join(staging, directory));
  const read = entries.flatMap((entry) => {
    const digest = digests.get(entry.key);
    return digest === undefined ? [] : [[stateOf(entry), digest] as const];
  });
  return { copied: copiedOf(entries, digests, started), digests: new Map(read) };
}

/** What differs between a second stream and what is in the directory. */
async function compareAgain(pod: Pod, stream: AsyncIterable<Buffer>, directory: string): Promise<string[]> {
  const faults = await compare(stream, directory);
  return faults.filter((line) => isOurs(pod) || !ofAnother.test(line));
}

/** The same for a file as long as it isn't written to. An inode alone may be another file's by then. */
const stateOf = ({ inode, size, mtime }: Entry) => `${inode} ${size} ${mtime}`;

/** Everything in a directory, and the SHA-256 of its files by their keys. `known`: of files that were read already. */
export async function digestTree(
  target: string,
  known: ReadonlyMap<string, string> = new Map(),
): Promise<{ entries: Entry[]; digests: Map<string, string> }> {
  const hashers = new Hashers();
  try {
    const entries = readTree(target);
    const unread = entries.filter((entry) => !known.has(stateOf(entry)));
    const digests = await hashers.digest(target, unread, () => undefined);
    for (const entry of filesOf(entries).files) {
      const digest = known.get(stateOf(entry));
      if (digest !== undefined) digests.set(entry.key, digest);
    }
    return { entries, digests };
  } finally {
    await hashers.close();
  }
}

async function* counted(context: Leaving, stream: AsyncIterable<Buffer>, doing: string): AsyncGenerator<Buffer> {
  const started = performance.now();
  let bytes = 0;
  let next = started + 2000;
  for await (const chunk of stream) {
    context.check();
    bytes += chunk.length;
    if (performance.now() > next) {
      next = performance.now() + 2000;
      context.log(`${doing}: ${formatBytes(bytes)}, ${formatBytes((bytes / (performance.now() - started)) * 1000)}/s`);
    }
    yield chunk;
  }
}
