import { copyingAnnotation } from "../../model/metadata";
import type { Move } from "../../model/mover";
import { formatBytes } from "../../model/quantity";
import {
  isPoint,
  newestPoint,
  pointOrigin,
  shortPoint,
  type RestoreSource,
  type RestoreTask,
} from "../../model/restore";
import { MoveError } from "../faults";
import { counted } from "../sizes";
import { annotate } from "./annotate";
import { cameFrom, claimOf, finish, hasArrived, record } from "./claims";
import type { Context } from "./context";
import type { Place } from "./copy-pod";
import { runPod } from "./copy-runs";
import { movedNote } from "./notes";
import { restorePaths, restorePod } from "./restore-pod";
import { checkUntouched, findWorkload, stop, switchOver, usersOf } from "./service";
import { endInUse, nameOf } from "./workload";

type Restore = Move & { restore: RestoreSource };

/**
 * Brings a point back to new volumes and starts the service there. The service runs on its old volumes until all new
 * ones are whole; these stay as they are. Every step is decided from what the cluster shows, so a restore that was cut
 * off goes on where it stopped. Of a service that has no volumes yet, the update starts it when these are whole.
 */
export async function restoreClaim(context: Context): Promise<void> {
  const move = restoreOf(context);
  const workload = await findWorkload(context);
  const { together = [], ...own } = move;
  const wanted = [context, ...together.map((other) => context.with({ ...own, ...other }))];
  if (workload ? endInUse(workload, move) === "target" : await haveArrived(wanted)) {
    await checkArrived(context);
    return finish(context);
  }
  // One pod mounts all of them, so they are made on one node.
  const beside = together.length > 0;
  const node = (await usersOf(context, move.source.claim)).find(({ spec }) => spec.nodeName)?.spec.nodeName;
  const place = { node, beside };
  const contexts = await withPoint(wanted, place);
  const parts = await Promise.all(contexts.map(async (each) => ({ each, task: await taskOf(each) })));
  for (const { each, task } of parts) if (!task.resume) await measure(each, task, place);
  for (const { each, task } of parts) {
    const copied = await runPod(each, "copy", (owner) => podFor(each, "copy", task, owner, place));
    await record(each, copied, pointOrigin(task.point));
  }
  if (workload) {
    const moves = contexts.map((each) => each.move);
    await switchOver(context, await checkUntouched(context, await stop(context, moves), moves), moves);
  }
  await finish(context);
}

/** Takes away what opens the repository. Where that fails, the update that ends the restore does it. */
export async function dropRepository({ api, move }: Context): Promise<void> {
  if (!move.restore) return;
  const path = `/api/v1/namespaces/${move.namespace}/secrets/${move.restore.secret}`;
  await api.remove({ path }).catch(() => undefined);
}

const restoreOf = ({ move }: Context) => move as Restore;

/** Throws where the service is on a volume that this point was not brought to. */
async function checkArrived(context: Context): Promise<void> {
  const { service, target, restore } = restoreOf(context);
  const from = movedNote(await claimOf(context, target.claim))?.from;
  if (cameFrom(context.move, from)) return;
  throw new MoveError(
    `${service} is on ${nameOf(target)} already, and point ${shortPoint(restore.point)} was not brought there. A ` +
      `point is brought to a new volume: take from out of the lines of ${nameOf(target)}, then npm run ` +
      `restore -- ${service}`,
  );
}

async function taskOf(context: Context): Promise<RestoreTask> {
  const { move } = context;
  const { volume, source, target, service, namespace, restore } = restoreOf(context);
  const { point, of, repository, engine, keys } = restore;
  const claim = await claimOf(context, target.claim);
  const [user] = await usersOf(context, target.claim);
  if (user) throw new MoveError(`${target.claim} is in use by pod ${user.metadata.name}, so nothing is restored to it`);
  const fill = source.claim === undefined;
  const started = (note: string | undefined) => (fill ? isPoint(note) : note === pointOrigin(point));
  const size = claim.spec.resources?.requests?.storage;
  return {
    point,
    of,
    repository,
    volume: move.template ? plainName(move.template.to, target.generation) : volume,
    target: restorePaths.target,
    targetName: claim.metadata.name,
    ...(size !== undefined && { size }),
    resume: started(claim.metadata.annotations?.[copyingAnnotation]),
    ...(fill && { fill }),
    service,
    namespace,
    ...(engine && { engine }),
    ...(keys && { keys: { ...keys, directory: restorePaths.keys } }),
  };
}

/** A template's name in its first generation. */
const plainName = (name: string, generation: number) =>
  generation === 1 ? name : name.slice(0, -`-${generation}`.length);

type Owner = Parameters<Parameters<typeof runPod>[2]>[0];

const podFor = (context: Context, action: "measure" | "copy", task: RestoreTask, owner: Owner, place: Place) =>
  restorePod(restoreOf(context), action, { task, owner, version: context.options.version, ...place });

/** Asks what the point has and whether it can be restored, while the service runs. Returns the point's id. */
async function measure(context: Context, task: RestoreTask, place: Place): Promise<string> {
  const measured = await runPod(context, "measure", (owner) => podFor(context, "measure", task, owner, place));
  const { files, bytes, point = task.point } = measured;
  context.log(
    `point ${shortPoint(point)} has ${formatBytes(bytes)} in ${counted(files, "file")} of ${task.volume}; ` +
      `${task.targetName} has room for it`,
  );
  // The target was checked: it is empty, or belongs to this restore.
  await annotate(context, context.move.target.claim, { [copyingAnnotation]: pointOrigin(point) });
  return point;
}

/** The moves with the id of the newest point, where they are to bring that: all volumes are of one point. */
async function withPoint(contexts: Context[], place: Place): Promise<Context[]> {
  const [first] = contexts;
  if (!first || restoreOf(first).restore.point !== newestPoint) return contexts;
  const point = await measure(first, await taskOf(first), place);
  return contexts.map((each) => each.with({ ...each.move, restore: { ...restoreOf(each).restore, point } }));
}

async function haveArrived(contexts: Context[]): Promise<boolean> {
  const arrived = await Promise.all(contexts.map(hasArrived));
  return arrived.every(Boolean);
}
