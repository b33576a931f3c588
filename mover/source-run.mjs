// @ts-check
import { mounts, sourcePod } from "./copy-pod.mjs";
import { MoveError } from "./faults.mjs";
import { createPod, jobReference, podName, removePod } from "./own-pods.mjs";
import { Start } from "./start.mjs";
import { endOf } from "./trouble.mjs";
import { podsUsing } from "./workload.mjs";

/** @import { Context } from "./context.mjs" */
/** @import { Remote } from "./remote-requests.mjs" */
/** @import { Across } from "../model/mover.js" */
/** @typedef {import("./api.mjs").KubeObject} KubeObject */

/**
 * Sees to a pod that serves the source, and returns where. One that serves already goes on: only the first copy pod of
 * a
 * move may have to wait for it.
 * @param {Context} context @param {{ node?: string, beside: boolean }} where @returns {Promise<Remote>}
 */
export async function sourceServed(context, where) {
  const { api, paths, move } = context;
  const path = paths.pod(podName(move, "source"));
  const { port } = /** @type {Across} */ (move.across);
  const present = await api.find(path);
  const pod = isServing(present, move.source.claim) ? present : await startSource(context, where, port);
  return { host: pod?.status.podIP, port, identity: move.job };
}

/**
 * Why a copy pod waits for nothing: the pod at the source has ended, and another has another address. Undefined while
 * it is
 * there, or where none is needed.
 * @param {Context} context @returns {Promise<string | undefined>}
 */
export async function endOfSource({ api, paths, move }) {
  if (!move.across) return undefined;
  const pod = await api.find(paths.pod(podName(move, "source")));
  return pod && !hasEnded(pod) ? undefined : `pod ${podName(move, "source")} ended before the copy did: ${endOf(pod)}`;
}

/** @param {Context} context @param {{ node?: string, beside: boolean }} where @param {number} port */
async function startSource(context, { node, beside }, port) {
  const { api, paths, move } = context;
  const path = paths.pod(podName(move, "source"));
  await removePod(context, "source");
  const task = { source: mounts.source, sourceName: move.source.claim ?? "", identity: move.job, port };
  await createPod(context, sourcePod(move, { task, owner: await jobReference(context), node, beside }));
  const start = new Start(context, "source");
  return context.until(Infinity, async () => {
    const pod = await api.find(path);
    if (isServing(pod, move.source.claim)) return pod;
    if (!pod || hasEnded(pod))
      throw new MoveError(`pod ${podName(move, "source")} ended before the copy could begin: ${endOf(pod)}`, {
        transient: true,
      });
    await start.check(pod);
    return undefined;
  });
}

/** @param {KubeObject} pod */
const hasEnded = ({ status }) => status?.phase === "Succeeded" || status?.phase === "Failed";

/** @param {KubeObject | undefined} pod @param {string | undefined} claim */
function isServing(pod, claim = "") {
  if (!pod || pod.metadata.deletionTimestamp || podsUsing([pod], claim).length === 0) return false;
  const { phase, podIP, conditions = [] } = pod.status ?? {};
  const ready = conditions.some((/** @type {KubeObject} */ { type, status }) => type === "Ready" && status === "True");
  return phase === "Running" && ready && podIP !== undefined;
}
