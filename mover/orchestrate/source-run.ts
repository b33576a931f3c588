import type { Across, Remote } from "../../model/mover";
import { MoveError } from "../faults";
import type { Context } from "./context";
import { mounts, sourcePod, type Place } from "./copy-pod";
import type { Pod } from "./objects";
import { createPod, jobReference, podName, removePod } from "./own-pods";
import { Start } from "./start";
import { endOf } from "./trouble";
import { podsUsing } from "./workload";

/**
 * Makes sure that a pod serves the source, and returns its address. A pod that already serves is kept, so only the
 * first copy pod of a move may have to wait.
 */
export async function sourceServed(context: Context, { port }: Across, place: Place): Promise<Remote> {
  const { api, paths, move } = context;
  const present = await api.find(paths.pod(podName(move, "source")));
  const host = addressOf(present, move.source.claim) ?? (await startSource(context, place, port));
  return { host, port, identity: move.job };
}

/**
 * Why a copy pod waits in vain: the pod at the source has ended, and a new one would have another address. Undefined
 * while it is there, or where none is needed.
 */
export async function endOfSource({ api, paths, move }: Context): Promise<string | undefined> {
  if (!move.across) return undefined;
  const pod = await api.find(paths.pod(podName(move, "source")));
  return pod && !hasEnded(pod) ? undefined : `pod ${podName(move, "source")} ended before the copy did: ${endOf(pod)}`;
}

/** Starts the pod at the source and returns its address. */
async function startSource(context: Context, { node, beside }: Place, port: number): Promise<string> {
  const { api, paths, move } = context;
  const name = podName(move, "source");
  await removePod(context, "source");
  const task = { source: mounts.source, sourceName: move.source.claim ?? "", identity: move.job, port };
  const { version } = context.options;
  await createPod(context, sourcePod(move, { task, owner: await jobReference(context), version, node, beside }));
  const start = new Start(context, "source");
  const address = await context.until(Infinity, async () => {
    const pod = await api.find(paths.pod(name));
    const served = addressOf(pod, move.source.claim);
    if (served !== undefined) return served;
    if (!pod || hasEnded(pod))
      throw new MoveError(`pod ${name} ended before the copy could begin: ${endOf(pod)}`, { transient: true });
    await start.check(pod);
    return undefined;
  });
  return address ?? "";
}

const hasEnded = ({ status }: Pod) => status?.phase === "Succeeded" || status?.phase === "Failed";

/** Where a pod serves the claim; undefined while it doesn't. */
function addressOf(pod: Pod | undefined, claim: string | undefined): string | undefined {
  if (!pod || pod.metadata.deletionTimestamp || podsUsing([pod], claim).length === 0) return undefined;
  const { phase, podIP, conditions = [] } = pod.status ?? {};
  const ready = conditions.some(({ type, status }) => type === "Ready" && status === "True");
  return phase === "Running" && ready ? podIP : undefined;
}
