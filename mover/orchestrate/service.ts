import { movingAnnotation } from "../../model/metadata";
import type { Move } from "../../model/mover";
import { MoveError } from "../faults";
import type { Context } from "./context";
import { keptManifest } from "./kept-manifest";
import type { Pod, Workload } from "./objects";
import { partsOf, podName } from "./own-pods";
import { replaceStatefulSet } from "./stateful-set";
import { stopPatch, switchPatch } from "./switch";
import { isReady, isStopped, name, nameOf, podsUsing } from "./workload";

/**
 * The workload; undefined where there is none yet. A workload that was deleted to be recreated is first made again from
 * its old manifest.
 */
export async function findWorkload(context: Context): Promise<Workload | undefined> {
  const { api, paths, move, log } = context;
  const workload = await api.find(paths.workload);
  if (workload) return workload;
  const manifest = await keptManifest(context);
  if (!manifest) return undefined;
  log(`${name(move)} was deleted by a move that was interrupted; it is made again from its old manifest`);
  return api.create(paths.workloads, manifest);
}

/** Pods other than the move's own that use the claim. */
export async function usersOf({ api, paths, move }: Context, claim: string | undefined): Promise<Pod[]> {
  if (claim === undefined) return [];
  const own = partsOf(move).map((part) => podName(move, part));
  const pods = podsUsing(await api.list(paths.pods), claim);
  return pods.filter(
    ({ metadata }) => !own.includes(metadata.name) && metadata.labels?.["batch.kubernetes.io/job-name"] !== move.job,
  );
}

const usersOfSources = async (context: Context, moves: Move[]) =>
  (await Promise.all(moves.map(({ source }) => usersOf(context, source.claim)))).flat();

/** Stops the workload and waits until nothing uses the volumes that move. Returns the workload as it is then. */
export async function stop(context: Context, moves: Move[] = [context.move]): Promise<Workload> {
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

/** Throws when the service has run since it was stopped, because its new writes aren't in the copy. */
export async function checkUntouched(
  context: Context,
  stopped: Workload,
  moves: Move[] = [context.move],
): Promise<Workload> {
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

/** Starts the workload on the target of its move, and on those of the moves that end with it. */
export async function switchOver(context: Context, workload: Workload, moves: Move[] = [context.move]): Promise<void> {
  const { api, paths, move, log } = context;
  log(`starting ${move.service} on ${moves.map(({ target }) => nameOf(target)).join(", ")}`);
  if (move.template) return replaceStatefulSet(context, workload);
  await api.patch(paths.workload, switchPatch(workload, moves));
}

/** Starts a service that this move left stopped. A service that a person has stopped since then stays stopped. */
export async function wakeUp({ api, paths, move }: Context): Promise<{ workload?: Workload; moving: boolean }> {
  const workload = await api.find(paths.workload);
  const moving = workload?.metadata.annotations?.[movingAnnotation] === move.job;
  if (moving && workload?.spec.replicas === 0) await api.patch(paths.workload, { spec: { replicas: 1 } });
  return { workload, moving };
}

/** Whether the service became ready within `patience` milliseconds. */
export async function becomesReady(context: Context, patience = context.readyPatience): Promise<boolean> {
  const { api, paths } = context;
  return (
    (await context.until(patience, async () => (isReady(await api.get(paths.workload)) ? true : undefined))) ?? false
  );
}
