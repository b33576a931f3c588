// @ts-check
import { renameSync } from "node:fs";
import { join } from "node:path";
import { digestOfAll } from "./compare.mjs";
import { run } from "./cp.mjs";
import { execute, outputOf } from "./exec.mjs";
import { firstOf, MoveError, show } from "./faults.mjs";
import { Hashers } from "./hashing.mjs";
import { compareManifest } from "./manifest.mjs";
import { syncDirectory } from "./marker.mjs";
import { isOurs } from "./mounts.mjs";
import { formatBytes } from "./sizes.mjs";
import { compare, directoryIn, unpack } from "./tar.mjs";
import { distinct, walk } from "./walk.mjs";

/** @import { Context } from "./context.mjs" */
/** @import { Copied, ExportRecipe, Stream } from "../model/mover.js" */
/** @typedef {import("./api.mjs").KubeObject} KubeObject */

/** In a pod that was made by hand files may belong to root; what is unpacked is the service's own. */
const ofAnother = /: [UG]id differs$/;

/**
 * What each volume's mark is now; the same again means that nothing was written.
 * @param {KubeObject} pod @param {{ context: Context, exportRecipe: ExportRecipe }[]} parts
 */
export async function marksOf(pod, parts) {
  const marks = [];
  for (const { context, exportRecipe } of parts)
    marks.push(
      exportRecipe.mark
        ? await outputOf(
            context.api.server,
            context.paths.pod(pod.metadata.name),
            exportRecipe.container,
            exportRecipe.mark.exec,
          )
        : "",
    );
  return marks;
}

/**
 * Streams the data to a directory, and compares it there. @param {Context} context @param {KubeObject} pod @param
 * {ExportRecipe} exportRecipe @param {string} staging @returns {Promise<Copied>}
 */
export async function stage(context, pod, { streams, verify, rename = [], container }, staging) {
  const started = performance.now();
  const { move, api } = context;
  const path = context.paths.pod(pod.metadata.name);
  const stream = (/** @type {Stream} */ { exec }, /** @type {string} */ doing) =>
    counted(context, execute(api.server, path, container, exec), doing);
  for (const part of streams) await unpack(stream(part, "streaming"), directoryIn(staging, part.into));
  const unsynced = await run("sync", ["--file-system", staging]);
  if (unsynced)
    throw new MoveError(`${move.target.claim} doesn't keep what is written: ${unsynced}`, { transient: true });
  const { entries, digests } = await digestTree(staging);
  const faults =
    verify === "backup-manifest" ? streams.flatMap(({ into = "." }) => compareManifest(staging, into, digests)) : [];
  if (verify === "again")
    for (const part of streams)
      faults.push(
        ...(await compare(stream(part, "comparing"), directoryIn(staging, part.into))).filter(
          (line) => isOurs(pod) || !ofAnother.test(line),
        ),
      );
  if (faults.length > 0)
    throw new MoveError(`the copy on ${move.target.claim} is not like what the pod has: ${firstOf(faults)}`, {
      transient: verify === "again",
    });
  for (const { from, to } of rename) renameSync(join(staging, from), join(staging, to));
  for (const directory of new Set([".", ...rename.map(({ to }) => join(to, ".."))]))
    syncDirectory(join(staging, directory));
  const files = distinct(entries.filter(({ type }) => type === "file"));
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const directories = entries.filter(({ type }) => type === "directory").length;
  return {
    files: files.length,
    directories,
    bytes,
    seconds: (performance.now() - started) / 1000,
    sha256: digestOfAll(entries, digests),
  };
}

/** @param {string} target */
async function digestTree(target) {
  const hashers = new Hashers();
  try {
    const entries = walk(target, (path, error) => {
      throw new MoveError(`the copy can't be read: ${show(path)} (${error.code})`);
    });
    return { entries, digests: await hashers.digest(target, entries, () => undefined) };
  } finally {
    await hashers.close();
  }
}

/** @param {Context} context @param {AsyncIterable<Buffer>} stream @param {string} doing */
async function* counted(context, stream, doing) {
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
