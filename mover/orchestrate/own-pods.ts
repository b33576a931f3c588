import type { Move } from "../../model/mover";
import { MoveError } from "../faults";
import { ApiError } from "../wire/api";
import type { Context } from "./context";
import type { Pod } from "./objects";

/** What a pod of the move does. */
export type Part = "measure" | "copy" | "source";

export const podName = ({ job }: Pick<Move, "job">, part: Part) => `${job}-${part}`;

/** The pods that a move may make. A move on one node has no right to make others. */
export const partsOf = ({ across }: Move): Part[] => ["measure", "copy", ...(across ? ["source" as const] : [])];

export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
}

/** The move's job as the owner of its pods, so that the cluster deletes them with the job. */
export async function jobReference({ api, paths }: Context): Promise<OwnerReference> {
  const { metadata } = await api.get(paths.job);
  return { apiVersion: "batch/v1", kind: "Job", name: metadata.name, uid: metadata.uid };
}

export async function createPod({ api, paths }: Context, pod: object): Promise<void> {
  try {
    await api.create(paths.pods, pod);
  } catch (error) {
    // The request was sent twice, because the first answer was lost.
    if (error instanceof ApiError && error.reason === "AlreadyExists") return;
    if (error instanceof ApiError) throw new MoveError(`the cluster refuses the copy pod: ${error.message}`, error);
    throw error;
  }
}

/** Removes the pods of this move or of an earlier try of it. */
export async function removePods(context: Context): Promise<void> {
  await Promise.all(partsOf(context.move).map((part) => removePod(context, part, false)));
}

/** Removes a pod and returns when it is gone. */
export async function removePod(context: Context, part: Part, abortable = true): Promise<void> {
  const { api, move, paths, patience } = context;
  if (!(await dropPod(context, part))) return;
  const gone = await context.until(
    patience,
    async () => ((await api.find(paths.pod(podName(move, part)))) ? undefined : true),
    { abortable },
  );
  if (!gone)
    throw new MoveError(
      `pod ${podName(move, part)} of an earlier try is still there ${patience / 1000} s after it was deleted`,
      { transient: true },
    );
}

/** Removes a pod without waiting for its end. Undefined where there was none. */
export const dropPod = ({ api, paths, move }: Context, part: Part): Promise<Pod | undefined> =>
  api.remove(paths.pod(podName(move, part)), { gracePeriodSeconds: 1 });
