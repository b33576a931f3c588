import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { BackupVolume } from "../../model/backup";
import type { ExportRecipe } from "../../model/export-recipe";
import { movingAnnotation } from "../../model/metadata";
import { MoveError } from "../faults";
import { outputOf } from "../leave/exec";
import { Hold } from "../leave/hold";
import { streamAll } from "../leave/streams";
import { containerOf } from "../orchestrate/mounts";
import type { Pod } from "../orchestrate/objects";
import { checkSamePod, runningPod } from "../orchestrate/pods";
import type { Path } from "../wire/api";
import type { BackupContext } from "./context";

/**
 * Takes a service's data out of its running pod, by the recipe by which a move does, into a directory for each volume.
 * A service that has to be held is let go before anything is sent to the repository: how fast that is, and whether it
 * is there at all, costs the service nothing. Returns the SHA-256 of what was read.
 */
export async function takeOut(context: BackupContext, root: string): Promise<Map<string, string>> {
  const pod = await podOf(context);
  const parts = context.task.volumes.map((volume) => ({ context, volume, exportRecipe: recipeFor(pod, volume) }));
  const recipes = parts.map(({ exportRecipe }) => exportRecipe);
  if (recipes.every(({ live }) => live)) return take(context, pod, parts, { root, hold: notHeld });
  const quiet = await takeQuietly(context, pod, parts, root);
  if (quiet) return quiet;
  const hold = new Hold(context, pod, recipes);
  try {
    await hold.begin();
    return await take(context, pod, parts, { root, hold });
  } finally {
    hold.stop();
    const move = await moveThatHolds(context, pod);
    if (move === undefined) await hold.end();
    else
      context.log(
        `${context.service} stays held, because the move ${move} has begun; it lets the service go when it is done`,
      );
  }
}

interface Part {
  context: BackupContext;
  volume: BackupVolume;
  exportRecipe: ExportRecipe;
}

async function take(
  context: BackupContext,
  pod: Pod,
  parts: Part[],
  { root, hold }: { root: string; hold: Pick<Hold, "tighten"> },
): Promise<Map<string, string>> {
  const taken = await streamAll(pod, parts, hold, ({ volume }) => directoryOf(root, volume));
  if (hold === notHeld) for (const { volume } of parts) undoHold(directoryOf(root, volume), volume);
  await checkSamePod(context, pod);
  return new Map(taken.flatMap(({ digests }) => [...digests]));
}

/**
 * The same without a hold, where nothing is written meanwhile: what two streams have alike was so from the end of the
 * first to the beginning of the second, all files at once. Undefined where the service has to be held.
 */
async function takeQuietly(
  context: BackupContext,
  pod: Pod,
  parts: Part[],
  root: string,
): Promise<Map<string, string> | undefined> {
  const { api, paths, service, log } = context;
  try {
    for (const { exportRecipe } of parts) {
      const { quiet, container } = exportRecipe;
      if (!quiet) return undefined;
      await outputOf(api.server, paths.pod(pod.metadata.name), container, quiet.exec);
    }
    const unheld = parts.map((part) => ({ ...part, exportRecipe: { ...part.exportRecipe, rename: [] } }));
    const taken = await take(context, pod, unheld, { root, hold: notHeld });
    log(`no hold was needed: ${service} wrote nothing while its data left pod ${pod.metadata.name}`);
    return taken;
  } catch (error) {
    context.check();
    if (!(error instanceof MoveError)) throw error;
    log(`${service} has to be held: ${error.message}`);
    rmSync(join(root, "volumes"), { recursive: true, force: true });
    return undefined;
  }
}

/**
 * The move that has begun meanwhile and holds the same pod; undefined where there is none. To let the service go would
 * lose what it then writes, with the pod. Only a pod whose own directory has the data is held by a move: any other is
 * stopped, and a held process can't stop.
 */
async function moveThatHolds({ api, paths, task }: BackupContext, { spec }: Pod): Promise<string | undefined> {
  const own = spec.volumes?.some(
    ({ name, emptyDir }) => emptyDir && task.volumes.some(({ volume }) => volume === name),
  );
  const workload = own ? await api.find(paths.workload).catch(() => undefined) : undefined;
  return workload?.metadata.annotations?.[movingAnnotation];
}

/** A server that something else holds meanwhile has files in the places of others, which a restore needs there. */
function undoHold(directory: string, { exportRecipe: { rename = [] } }: BackupVolume): void {
  for (const { from, to } of rename)
    if (existsSync(join(directory, from))) renameSync(join(directory, from), join(directory, to));
}

const nothing = () => Promise.resolve();
const notHeld: Pick<Hold, "begin" | "tighten" | "stop" | "end"> = {
  begin: nothing,
  tighten: nothing,
  stop: () => undefined,
  end: nothing,
};

async function podOf(context: BackupContext): Promise<Pod> {
  const { api, paths, task } = context;
  const name = `${task.workload.kind} ${task.namespace}/${task.workload.name}`;
  const workload = await api.find(paths.workload);
  if (!workload) throw new MoveError(`there is no ${name}, so there is no pod with data`, { transient: true });
  const moving = workload.metadata.annotations?.[movingAnnotation];
  if (moving !== undefined)
    throw new MoveError(
      `the move ${moving} of ${task.service} is under way; back it up once it has ended. Where it has failed, the ` +
        "same update again goes on with it; where no update runs any more, npm run recover ends it",
      { transient: true },
    );
  const pod = await runningPod(context, workload);
  if (!pod) throw new MoveError(`${task.service} has no running pod that its data could leave`, { transient: true });
  return pod;
}

/** How a volume's data leaves this pod: where its streams are of one moment by themselves, without a hold. */
function recipeFor(pod: Pod, { volume, mounts, exportRecipe }: BackupVolume): ExportRecipe {
  const container = containerOf(pod, { volume, mounts }, exportRecipe.container);
  const { streams, verify, live, mark } = exportRecipe;
  return live ? { container, begin: [], streams, live, mark, verify, end: [] } : { ...exportRecipe, container };
}

function directoryOf(root: string, { volume }: BackupVolume): string {
  const directory = join(root, "volumes", volume);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  return directory;
}

/** Puts the keys that make the data readable beside it. They are the service's Secret. */
export async function takeKeys(context: BackupContext, root: string): Promise<void> {
  if (context.task.keys === undefined) return;
  const keys = await readKeys(context);
  const directory = join(root, "keys");
  mkdirSync(directory, { mode: 0o700 });
  for (const [key, value] of Object.entries(keys)) writeFileSync(join(directory, key), value, { mode: 0o600 });
}

/** The values of the service's Secret, by key. */
export async function readKeys({ api, task }: BackupContext): Promise<Record<string, Buffer>> {
  const path: Path<{ data?: Record<string, string> }> = {
    path: `/api/v1/namespaces/${task.namespace}/secrets/${task.keys}`,
  };
  const { data = {} } = await api.get(path);
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64")]));
}
