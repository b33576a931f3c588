// @ts-check
import { ApiError } from "./api.mjs";
import { hasStarted, newestPod } from "./pods.mjs";
import { MoveError } from "./faults.mjs";
import { keepManifest, keeperOf, keptManifest } from "./kept.mjs";
import { partsOf, podName } from "./own-pods.mjs";
import { movingAnnotation, workloadAnnotation } from "./paths.mjs";
import {
  endInUse,
  isReady,
  isStopped,
  manifestOf,
  name,
  nameOf,
  podsUsing,
  startPatch,
  stopPatch,
  switchPatch,
  withNewTemplate,
} from "./workload.mjs";

/** @import { Context } from "./context.mjs" */
/** @import { Move } from "../model/mover.js" */
/** @typedef {import("./api.mjs").KubeObject} KubeObject */

/**
 * The workload; undefined where there is none yet. One that was taken away to be made anew is put back first. @param
 * {Context} context
 */
export async function findWorkload(context) {
  const { api, paths } = context;
  return (await api.find(paths.workload)) ?? (await restore(context));
}

/** @param {Context} context */
async function restore(context) {
  const { api, paths, move, log } = context;
  const manifest = await keptManifest(context);
  if (!manifest) return undefined;
  log(`${name(move)} was taken away by a move that was cut off; it is put back`);
  return api.create(paths.workloads, manifest);
}

/** Pods other than the move's own that use the claim. @param {Context} context @param {string | undefined} claim */
export async function usersOf({ api, paths, move }, claim) {
  if (claim === undefined) return [];
  const own = partsOf(move).map((part) => podName(move, part));
  const pods = podsUsing(await api.list(paths.pods), claim);
  return pods.filter(
    ({ metadata }) => !own.includes(metadata.name) && metadata.labels?.["batch.kubernetes.io/job-name"] !== move.job,
  );
}

/** @param {Context} context @param {Move[]} moves */
const usersOfSources = async (context, moves) =>
  (await Promise.all(moves.map(({ source }) => usersOf(context, source.claim)))).flat();

/**
 * Stops the workload and waits until nothing uses its volumes that move. Returns it as it is then.
 * @param {Context} context @param {Move[]} [moves] @returns {Promise<KubeObject>}
 */
export async function stop(context, moves = [context.move]) {
  const { api, paths, move, log } = context;
  log(`stopping ${move.service}`);
  await api.patch(paths.workload, stopPatch(move));
  const stopped = await context.until(move.graceSeconds * 1000 + 60_000, async () => {
    const workload = await api.get(paths.workload);
    return isStopped(workload) && (await usersOfSources(context, moves)).length === 0 ? workload : undefined;
  });
  if (stopped) return stopped;
  const used = await Promise.all(
    moves.map(async ({ source }) => ({ claim: source.claim, pods: await usersOf(context, source.claim) })),
  );
  const { claim, pods } = used.find(({ pods }) => pods.length > 0) ?? { claim: move.source.claim, pods: [] };
  throw new MoveError(
    `${claim} is still in use by ${pods.map(({ metadata }) => `pod ${metadata.name}`).join(", ") || name(move)}`,
    { transient: true },
  );
}

/**
 * Throws when the service ran since it was stopped: what it wrote meanwhile isn't in the copy.
 * @param {Context} context @param {KubeObject} stopped @param {Move[]} [moves]
 */
export async function checkUntouched(context, stopped, moves = [context.move]) {
  const { api, paths, move } = context;
  const [now, users] = [await api.get(paths.workload), await usersOfSources(context, moves)];
  const same = now.metadata.uid === stopped.metadata.uid && now.metadata.generation === stopped.metadata.generation;
  if (!same || users.length > 0)
    throw new MoveError(
      `${name(move)} was changed by somebody else while its volume was copied, so the copy may be out of date`,
      { transient: true },
    );
  return now;
}

/**
 * Starts the workload on the targets of its move, and of those that end with it. @param {Context} context @param
 * {KubeObject} workload @param {Move[]} [moves]
 */
export async function switchOver(context, workload, moves = [context.move]) {
  const { api, paths, move, log } = context;
  log(`starting ${move.service} on ${moves.map(({ target }) => nameOf(target)).join(", ")}`);
  if (!move.template) return api.patch(paths.workload, switchPatch(workload, moves));
  return replaceStatefulSet(context, workload);
}

/**
 * A claim template can't be changed, so the StatefulSet is made anew; its claims stay. The old manifest is kept on a
 * claim of the move until the new StatefulSet is there. A running pod outlives the exchange, for an emptyDir dies with
 * it.
 * @param {Context} context @param {KubeObject} workload
 */
async function replaceStatefulSet(context, workload) {
  const { api, paths, move } = context;
  if (workload.spec.persistentVolumeClaimRetentionPolicy?.whenDeleted === "Delete") {
    throw new MoveError(
      `${name(move)} deletes its claims when it is deleted (persistentVolumeClaimRetentionPolicy), and its ` +
        "template can't be changed otherwise; set whenDeleted to Retain",
    );
  }
  const target = await api.get(paths.claim(/** @type {string} */ (move.target.claim)));
  const old = manifestOf(workload);
  await keepManifest(context, workload);
  const preconditions = { uid: workload.metadata.uid, resourceVersion: workload.metadata.resourceVersion };
  await api.remove(paths.workload, { propagationPolicy: "Orphan", preconditions });
  const gone = await context.until(60_000, async () => ((await api.find(paths.workload)) ? undefined : true), {
    abortable: false,
  });
  if (!gone) throw new MoveError(`${name(move)} doesn't go away, so it can't be made anew`, { transient: true });
  await make(api, paths, withNewTemplate(old, move, target));
  await api.patch(keeperOf(context), { metadata: { annotations: { [workloadAnnotation]: null } } });
  await dropOldPod(context);
}

/** A pod that outlived its StatefulSet has the old volume: its successor takes its place. @param {Context} context */
export async function dropOldPod({ api, paths, move }) {
  if (move.kind !== "fill" || !move.template) return;
  const pod = await api.find(paths.pod(`${move.workload.name}-0`));
  if (pod && podsUsing([pod], /** @type {string} */ (move.target.claim)).length === 0)
    await api.remove(paths.pod(pod.metadata.name), { preconditions: { uid: pod.metadata.uid } });
}

/** @param {Context["api"]} api @param {Context["paths"]} paths @param {KubeObject} manifest */
async function make(api, paths, manifest) {
  try {
    await api.create(paths.workloads, manifest);
  } catch (error) {
    if (!(error instanceof ApiError && error.reason === "AlreadyExists")) throw error;
  }
}

/**
 * Brings a service that this move stopped back on its old volume; leaves any other alone. Returns whether it did.
 * @param {Context} context
 */
export async function bringBack(context) {
  const { api, paths, move } = context;
  const workload = await findWorkload(context);
  if (workload?.metadata.annotations?.[movingAnnotation] !== move.job) return false;
  if (endInUse(workload, move) === "target") return switchBack(context, workload);
  await api.patch(paths.workload, startPatch());
  return true;
}

/**
 * Only from an emptyDir that its service never started on: anywhere else its newest data is already. @param {Context}
 * context @param {KubeObject} workload
 */
async function switchBack(context, workload) {
  const { api, paths, move } = context;
  const old = move.kind === "spill" ? await keptManifest(context) : undefined;
  if (!old || hasStarted(await newestPod(context, workload))) return false;
  const { volumes, initContainers = null } = old.spec.template.spec;
  await api.patch(paths.workload, {
    ...startPatch(),
    spec: { replicas: 1, template: { spec: { volumes, initContainers } } },
  });
  await api.patch(keeperOf(context), { metadata: { annotations: { [workloadAnnotation]: null } } });
  return true;
}

/**
 * A service that a move left stopped is started; one that a person stopped since has a reason to be. @param {Context}
 * context
 */
export async function wakeUp({ api, paths, move }) {
  const workload = await api.find(paths.workload);
  const moving = workload?.metadata.annotations?.[movingAnnotation] === move.job;
  if (moving && workload.spec.replicas === 0) await api.patch(paths.workload, { spec: { replicas: 1 } });
  return { workload, moving };
}

/** Whether the service became ready in time. @param {Context} context @param {number} [patience] milliseconds */
export async function becomesReady(context, patience = context.readyPatience) {
  const { api, paths } = context;
  return (
    (await context.until(patience, async () => (isReady(await api.get(paths.workload)) ? true : undefined))) ?? false
  );
}
