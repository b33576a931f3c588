import { setTimeout as sleep } from "node:timers/promises";
import { killedExits, moveExit } from "../../model/move-exit";
import { MoveError } from "../faults";
import type { Context } from "./context";
import type { Pod } from "./objects";
import { runMove, type Ended } from "./run";

/** Seconds before each further try of a move whose fault may pass by itself. */
const pauses = [10, 20];

/** So often the job's pod may be killed. The cluster makes it anew each time and sets no bound. */
const killsAllowed = 5;

/**
 * Runs a move, and again where that may go well. The job has no tries of its own: Pulumi's plugin ends its wait for a
 * failed job only where the job's own bound of failures is the reason.
 */
export async function runTries(context: Context, waits: readonly number[] = pauses): Promise<Ended> {
  const [wait, ...later] = waits;
  const ended = await runMove(context, () => checkKills(context));
  if (ended.code !== moveExit.failed) return ended;
  if (context.signal?.aborted) return { ...ended, code: moveExit.told };
  if (wait === undefined) return ended;
  context.log(`${ended.message} The move is tried again in ${wait} s.`);
  await sleep(wait * 1000, undefined, { signal: context.signal }).catch(() => undefined);
  return context.signal?.aborted ? { ...ended, code: moveExit.told } : runTries(context, later);
}

/** Throws where this job's pods were killed too often to go on. */
async function checkKills({ api, paths, move }: Context): Promise<void> {
  const { metadata } = await api.get(paths.job);
  const killed = killsOf(await api.list(paths.pods), metadata.uid);
  if (killed.length < killsAllowed) return;
  throw new MoveError(
    `the pod of job ${move.job} was killed ${killed.length} times (${killed.at(-1)}), so it isn't tried again`,
  );
}

const isDisruption = ({ type, status }: { type: string; status: string }) =>
  type === "DisruptionTarget" && status === "True";

/** Why each of the job's own pods that was killed ended. One that the cluster took off its node doesn't count. */
function killsOf(pods: Pod[], job: string): string[] {
  const own = pods.filter(({ metadata }) => metadata.labels?.["batch.kubernetes.io/controller-uid"] === job);
  return own
    .filter(({ status }) => !status?.conditions?.some(isDisruption))
    .flatMap(({ status }) => status?.containerStatuses?.[0]?.state?.terminated ?? [])
    .filter(({ exitCode }) => killedExits.includes(exitCode))
    .map(({ reason, exitCode }) => reason ?? `exit code ${exitCode}`);
}
