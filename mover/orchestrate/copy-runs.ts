import type { V1Pod } from "@kubernetes/client-node";
import type { Copied, CopyTask, Measured, Outcome } from "../../model/mover";
import { MoveError } from "../faults";
import type { Context } from "./context";
import { LogReader } from "./copy-log";
import { copyPod, type Place } from "./copy-pod";
import type { Pod } from "./objects";
import { createPod, dropPod, jobReference, podName, removePod, type OwnerReference } from "./own-pods";
import { endOfSource, sourceServed } from "./source-run";
import { Start } from "./start";
import { endOf } from "./trouble";

/** The result of each run of the copy program. */
interface Results {
  measure: Measured;
  copy: Copied;
}

type Action = keyof Results;

export interface CopyRun extends Place {
  task: CopyTask;
}

/** How often a copy pod is made again after it ended without a result. */
const tries = 3;

/**
 * Runs the copy program in a pod with the volumes and returns its result. Throws the program's or the cluster's error.
 */
export async function runCopyPod<A extends Action>(context: Context, action: A, run: CopyRun): Promise<Results[A]> {
  return runPod(context, action, async (owner) => {
    const remote = context.move.across && (await sourceServed(context, context.move.across, run));
    const { version } = context.options;
    return copyPod(context.move, action, { ...run, task: { ...run.task, remote }, owner, version });
  });
}

/** Runs a pod of the move and returns its result. `make`: called for each try. Throws as the pod's program does. */
export async function runPod<A extends Action>(
  context: Context,
  action: A,
  make: (owner: OwnerReference) => Promise<V1Pod> | V1Pod,
): Promise<Results[A]> {
  const owner = await jobReference(context);
  for (let left = tries; ; left--) {
    await removePod(context, action);
    await createPod(context, await make(owner));
    const outcome = await follow(context, action);
    if ("result" in outcome) {
      // The pod has ended, so the service doesn't have to wait until it is gone.
      await dropPod(context, action);
      return outcome.result;
    }
    if (!outcome.transient || left <= 1) throw new MoveError(outcome.error, outcome);
    context.log(`${outcome.error}; trying again`);
  }
}

async function follow<A extends Action>(context: Context, action: A): Promise<Outcome<Results[A]>> {
  const { api, paths, move } = context;
  const path = paths.pod(podName(move, action));
  const start = new Start(context, action);
  const log = new LogReader(context, action);
  const outcome = await context.until<Outcome<Results[A]>>(Infinity, async () => {
    const pod = await api.find(path);
    const phase = pod?.status?.phase;
    if (!pod || phase === "Succeeded" || phase === "Failed") return outcomeOf(pod);
    if (phase === "Running") await log.read();
    else await start.check(pod);
    const error = await endOfSource(context);
    return error ? { error, transient: true } : undefined;
  });
  return outcome ?? outcomeOf(undefined);
}

/** The outcome in the pod's termination message. A pod that was killed has none. */
function outcomeOf<Result>(pod: Pod | undefined): Outcome<Result> {
  const message = pod?.status?.containerStatuses?.[0]?.state?.terminated?.message;
  try {
    return JSON.parse(message ?? "");
  } catch {
    return {
      error: `the copy ended without a result: ${endOf(pod)}${message ? `; ${message}` : ""}`,
      transient: true,
    };
  }
}
