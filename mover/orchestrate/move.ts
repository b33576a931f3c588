import { copyingAnnotation } from "../../model/metadata";
import type { CopyTask, Move } from "../../model/mover";
import { MoveError } from "../faults";
import { formatBytes } from "../../model/quantity";
import { counted } from "../sizes";
import { annotate } from "./annotate";
import { claimOf, finish, hasArrived, record } from "./claims";
import type { Context } from "./context";
import { mounts } from "./copy-pod";
import { hasPlaces } from "./places";
import { protectionOf } from "./guarding";
import { runCopyPod, type CopyRun } from "./copy-runs";
import type { Workload } from "./objects";
import { dropPod, removePod } from "./own-pods";
import { checkUntouched, findWorkload, stop, switchOver, usersOf } from "./service";
import { endInUse } from "./workload";

/**
 * Carries a service's data from one claim to another and starts it there. Every step is decided from what the cluster
 * shows, so a move that was cut off goes on where it stopped. It never writes to a volume that the service uses.
 */
export async function moveClaim(context: Context): Promise<void> {
  const { move } = context;
  const workload = await findWorkload(context);
  if (workload ? endInUse(workload, move) === "target" : await hasArrived(context)) return finish(context);
  // A source pod of an earlier try runs that try's programs, so it is removed.
  if (move.across) await removePod(context, "source");
  const contexts = [context, ...(await othersOf(context, workload))];
  const moves = contexts.map((each) => each.move);
  const parts = await Promise.all(contexts.map(async (each) => ({ each, task: await taskOf(each) })));
  const node = await nodeOf(context);
  // A target that has no volume yet gets it where it is measured. That has to be where the service may run then.
  const stays = !workload || hasPlaces(workload.spec.template.spec, move);
  const besides = stays ? node : undefined;
  for (const { each, task } of parts) if (isBeside(each, besides)) await measure(each, { task, node, beside: true });
  const stopped = workload && (await stop(context, moves));
  for (const { each, task } of parts)
    if (!isBeside(each, besides) && !task.resume) await measure(each, { task, node, beside: false });
  for (const { each, task } of parts)
    await record(each, await runCopyPod(each, "copy", { task, node, beside: false }), task.sourceId);
  if (move.across) await dropPod(context, "source");
  if (stopped) await switchOver(context, await checkUntouched(context, stopped, moves), moves);
  await finish(context);
}

/**
 * Whether the source can be measured while the service runs. While a pod uses a claim that is for one pod only, no
 * other pod can mount it: it is measured after the stop. `node`: where the service's pod runs.
 */
const isBeside = ({ move }: Context, node: string | undefined) =>
  node !== undefined && move.source.accessMode !== "ReadWriteOncePod";

/** The other volumes of the same pod that go to another node together with this one and haven't been moved yet. */
async function othersOf(context: Context, workload: Workload | undefined): Promise<Context[]> {
  const { together = [], ...move } = context.move;
  const contexts = together.map((other) => context.with({ ...move, ...other }));
  const arrived = await Promise.all(
    contexts.map(async (each) => (workload ? endInUse(workload, each.move) === "target" : hasArrived(each))),
  );
  return contexts.filter((_, i) => !arrived[i]);
}

async function taskOf(context: Context): Promise<CopyTask> {
  const { move } = context;
  const source = await claimOf(context, move.source.claim);
  const target = move.target.claim ? await claimOf(context, move.target.claim) : undefined;
  const [user] = await usersOf(context, move.target.claim);
  if (user)
    throw new MoveError(`${move.target.claim} is in use by pod ${user.metadata.name}, so nothing is copied to it`);
  return {
    ...mounts,
    sourceName: source.metadata.name,
    targetName: target?.metadata.name ?? "the emptyDir",
    sourceId: source.metadata.uid,
    size: target ? target.spec.resources?.requests?.storage : emptyDirSize(move),
    ...protectionOf(move, source, target),
    resume: target?.metadata.annotations?.[copyingAnnotation] === source.metadata.uid,
  };
}

const emptyDirSize = ({ pod, volume }: Move) => pod?.volumes.find(({ name }) => name === volume)?.emptyDir?.sizeLimit;

/** Where the service's pod runs; undefined where none does. */
async function nodeOf(context: Context): Promise<string | undefined> {
  const users = await usersOf(context, context.move.source.claim);
  return users.find(({ spec }) => spec.nodeName)?.spec.nodeName;
}

/** Measures the source while the service runs, where that is possible. Throws where the target can't take it. */
export async function measureBeside(context: Context): Promise<void> {
  const task = await taskOf(context);
  const node = await nodeOf(context);
  if (isBeside(context, node)) await measure(context, { task, node, beside: true });
}

async function measure(context: Context, run: CopyRun): Promise<void> {
  const { sourceName, targetName, sourceId } = run.task;
  const { files, bytes } = await runCopyPod(context, "measure", run);
  context.log(`${sourceName} uses ${formatBytes(bytes)} in ${counted(files, "file")}; ${targetName} has room for it`);
  // The target was checked: it is empty or belongs to this copy. With this annotation, a later try may go on with a
  // whole copy that was not recorded.
  await annotate(context, context.move.target.claim, { [copyingAnnotation]: sourceId });
}
