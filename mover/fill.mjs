// @ts-check
import { renameSync } from "node:fs";
import { join } from "node:path";
import { annotate, claimOf, finish, hasArrived, record } from "./claims.mjs";
import { digestOfAll } from "./compare.mjs";
import { run } from "./cp.mjs";
import { execute, outputOf } from "./exec.mjs";
import { firstOf, MoveError, show } from "./faults.mjs";
import { Hashers } from "./hashing.mjs";
import { Hold } from "./hold.mjs";
import { compareManifest } from "./manifest.mjs";
import { readMarker, syncDirectory } from "./marker.mjs";
import { readTarget } from "./measure.mjs";
import { copyingAnnotation, movingAnnotation } from "./paths.mjs";
import { checkSamePod, runningPod } from "./pods.mjs";
import { findWorkload, switchOver } from "./service.mjs";
import { formatBytes } from "./sizes.mjs";
import { discardStaging, finishSwap, openStaging, swapIn } from "./staging.mjs";
import { compare, directoryIn, unpack } from "./tar.mjs";
import { distinct, walk } from "./walk.mjs";
import { endInUse } from "./workload.mjs";

/** @import { Context } from "./context.mjs" */
/** @import { Copied, Leave, Stream } from "./types.d.ts" */
/** @typedef {import("./api.mjs").KubeObject} KubeObject */

/**
 * Takes the data out of a running pod whose emptyDir dies with it, and starts the service on the claim. The service
 * takes no writes from before the stream until the pod is gone; on any failure it is let go again, with nothing lost.
 * @param {Context} context @param {string} [target] where the claim is mounted here
 */
export async function fillClaim(context, target = "/target") {
  const { move, api, paths } = context;
  const workload = await findWorkload(context);
  const { leave } = move;
  if (!workload && (await hasArrived(context))) return finish(context);
  if (!workload) throw new MoveError(`there is no ${move.workload.kind} ${move.workload.name}, so there is no pod with data`);
  if (endInUse(workload, move) === "target") return finish(context);
  if (!leave) throw new MoveError(`nobody knows how ${move.service}'s data leaves a running pod consistently, so it can't be moved off an emptyDir`);
  const pod = await runningPod(context, workload);
  if (!pod) throw new MoveError(`${move.service} has no running pod, and its emptyDir went with the last one: there is no data to move`);
  await prepareTarget(context, target);
  await api.patch(paths.workload, { metadata: { annotations: { [movingAnnotation]: move.job } } });
  await whileHeld(context, pod, leave, async (hold) => {
    const copied = await takeOut(context, pod, leave, target);
    await hold.renew();
    await checkSamePod(context, pod);
    await record(context, copied, sourceId(context));
    await switchOver(context, await api.get(paths.workload));
  });
  await finish(context);
}

/** What the unfinished copy is one of: an emptyDir has no identity of its own. @param {Context} context */
const sourceId = ({ move }) => `emptyDir of ${move.service}`;

/** Accepts only an empty target, this move's own or one that is superseded; changes nothing else in it yet. @param {Context} context @param {string} target */
async function prepareTarget(context, target) {
  const { move } = context;
  const id = sourceId(context);
  const claim = await claimOf(context, move.target.claim);
  const resume = claim.metadata.annotations?.[copyingAnnotation] === id;
  readTarget({ source: "", target, sourceName: id, targetName: claim.metadata.name, sourceId: id, replace: move.replace, resume });
  // What an earlier try had whole stays until there is something newer.
  if (readMarker(target) === id) finishSwap(target);
  await annotate(context, move.target.claim, { [copyingAnnotation]: id });
}

/**
 * Does the work while the data stands still. Whatever goes wrong before the switch, the service is let go.
 * @param {Context} context @param {KubeObject} pod @param {Leave} leave @param {(hold: Hold) => Promise<void>} work
 */
async function whileHeld(context, pod, leave, work) {
  const { api, paths, move, log } = context;
  log(`${move.service} takes no writes while its data leaves pod ${pod.metadata.name}`);
  const hold = new Hold(context, pod, leave);
  try {
    await hold.begin();
    await work(hold);
    hold.stop();
  } catch (error) {
    hold.stop();
    const workload = await api.find(paths.workload);
    // After the switch, letting writes in would only mean losing them with the pod.
    if (!workload || endInUse(workload, move) === "source") await hold.end();
    throw error;
  }
}

/** @param {Context} context @param {KubeObject} pod @param {Leave} leave @param {string} target @returns {Promise<Copied>} */
async function takeOut(context, pod, leave, target) {
  const staging = openStaging(target);
  const copied = await stage(context, pod, leave, staging).catch((error) => {
    discardStaging(target);
    throw error;
  });
  swapIn(target, sourceId(context));
  return copied;
}

/** Streams the data to a directory, and compares it there. @param {Context} context @param {KubeObject} pod @param {Leave} leave @param {string} staging @returns {Promise<Copied>} */
async function stage(context, pod, { streams, mark, verify, rename = [], container }, staging) {
  const started = performance.now();
  const { move, api } = context;
  const path = context.paths.pod(pod.metadata.name);
  const marked = () => (mark ? outputOf(api.server, path, container, mark.exec) : "");
  const stream = (/** @type {Stream} */ { exec }, /** @type {string} */ doing) => counted(context, execute(api.server, path, container, exec), doing);
  const before = await marked();
  for (const part of streams) await unpack(stream(part, "streaming"), directoryIn(staging, part.into));
  const unsynced = await run("sync", ["--file-system", staging]);
  if (unsynced) throw new MoveError(`${move.target.claim} doesn't keep what is written: ${unsynced}`, { transient: true });
  const { entries, digests } = await digestTree(staging);
  const faults = verify === "backup-manifest" ? streams.flatMap(({ into = "." }) => compareManifest(staging, into, digests)) : [];
  if (verify === "again") for (const part of streams) faults.push(...(await compare(stream(part, "comparing"), directoryIn(staging, part.into))));
  if (faults.length > 0) throw new MoveError(`the copy on ${move.target.claim} is not like what the pod has: ${firstOf(faults)}`, { transient: verify === "again" });
  if ((await marked()) !== before) throw new MoveError(`${move.service} went on writing while its data was copied`, { transient: true });
  for (const { from, to } of rename) renameSync(join(staging, from), join(staging, to));
  for (const directory of new Set([".", ...rename.map(({ to }) => join(to, ".."))])) syncDirectory(join(staging, directory));
  const files = distinct(entries.filter(({ type }) => type === "file"));
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const directories = entries.filter(({ type }) => type === "directory").length;
  return { files: files.length, directories, bytes, seconds: (performance.now() - started) / 1000, sha256: digestOfAll(entries, digests) };
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
