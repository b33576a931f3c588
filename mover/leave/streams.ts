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
import type { Entry } from "../copy/walk";
import { firstOf, MoveError } from "../faults";
import type { Context } from "../orchestrate/context";
import { isOurs } from "../orchestrate/mounts";
import type { Pod } from "../orchestrate/objects";
import { formatBytes } from "../../model/quantity";
import { compareManifest } from "./backup-manifest";
import { execute, outputOf } from "./exec";
import { digHoles } from "./holes";

/** In a pod that was made by hand, files may belong to root. Unpacked files belong to the service's user. */
const ofAnother = /: [UG]id differs$/;

/** The mark of each volume as it is now. The same marks later mean that nothing was written. */
export async function marksOf(pod: Pod, parts: { context: Context; exportRecipe: ExportRecipe }[]): Promise<string[]> {
  const marks: string[] = [];
  for (const { context, exportRecipe } of parts) marks.push(await markOf(context, pod, exportRecipe));
  return marks;
}

async function markOf({ api, paths }: Context, pod: Pod, { mark, container }: ExportRecipe): Promise<string> {
  return mark ? outputOf(api.server, paths.pod(pod.metadata.name), container, mark.exec) : "";
}

/** Streams the data to a directory and compares it there. Throws where the data differs from the pod's. */
export async function stage(context: Context, pod: Pod, recipe: ExportRecipe, staging: string): Promise<Copied> {
  const started = performance.now();
  const { move, api, paths } = context;
  const { streams, verify, rename = [], container } = recipe;
  const stream = ({ exec }: Stream, doing: string) =>
    counted(context, execute(api.server, paths.pod(pod.metadata.name), container, exec), doing);
  for (const part of streams) {
    const directory = directoryIn(staging, part.into);
    await unpack(stream(part, "streaming"), directory);
    if (part.blocks)
      await digHoles(await outputOf(api.server, paths.pod(pod.metadata.name), container, part.blocks), directory);
  }
  const unsynced = await run("sync", ["--file-system", staging]);
  if (unsynced) throw notKept(move.target.claim, unsynced);
  const { entries, digests } = await digestTree(staging);
  const faults: string[] = [];
  for (const part of streams) {
    if (verify === "backup-manifest") faults.push(...compareManifest(staging, part.into ?? ".", digests));
    else faults.push(...(await compareAgain(pod, stream(part, "comparing"), directoryIn(staging, part.into))));
  }
  if (faults.length > 0)
    throw new MoveError(`the copy on ${move.target.claim} is not like what the pod has: ${firstOf(faults)}`, {
      transient: verify === "again",
    });
  for (const { from, to } of rename) renameSync(join(staging, from), join(staging, to));
  for (const directory of new Set([".", ...rename.map(({ to }) => join(to, ".."))]))
    syncDirectory(join(staging, directory));
  return copiedOf(entries, digests, started);
}

/** What differs between a second stream and what is in the directory. */
async function compareAgain(pod: Pod, stream: AsyncIterable<Buffer>, directory: string): Promise<string[]> {
  const faults = await compare(stream, directory);
  return faults.filter((line) => isOurs(pod) || !ofAnother.test(line));
}

async function digestTree(target: string): Promise<{ entries: Entry[]; digests: Map<string, string> }> {
  const hashers = new Hashers();
  try {
    const entries = readTree(target);
    return { entries, digests: await hashers.digest(target, entries, () => undefined) };
  } finally {
    await hashers.close();
  }
}

async function* counted(context: Context, stream: AsyncIterable<Buffer>, doing: string): AsyncGenerator<Buffer> {
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
