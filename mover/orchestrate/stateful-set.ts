import { MoveError } from "../faults";
import { ApiError } from "../wire/api";
import { withNewTemplate } from "./claim-template";
import type { Context } from "./context";
import { dropManifest, keepManifest } from "./kept-manifest";
import type { Manifest, Workload } from "./objects";
import { manifestOf, name, podsUsing } from "./workload";

/** Milliseconds. */
const patience = 60_000;

/**
 * A claim template can't be changed, so the StatefulSet is deleted and made again; its claims stay. The old manifest is
 * kept on a claim of the move until the new StatefulSet is there. A running pod outlives the exchange, because an
 * emptyDir dies with it.
 */
export async function replaceStatefulSet(context: Context, workload: Workload): Promise<void> {
  const { api, paths, move } = context;
  if (workload.spec.persistentVolumeClaimRetentionPolicy?.whenDeleted === "Delete") {
    throw new MoveError(
      `${name(move)} deletes its claims when it is deleted (persistentVolumeClaimRetentionPolicy), and it must be ` +
        "deleted to get another claim template; set whenDeleted to Retain",
    );
  }
  const target = await api.get(paths.claim(move.target.claim ?? ""));
  const old = manifestOf(workload);
  await keepManifest(context, workload);
  const preconditions = { uid: workload.metadata.uid, resourceVersion: workload.metadata.resourceVersion };
  await api.remove(paths.workload, { propagationPolicy: "Orphan", preconditions });
  const gone = await context.until(patience, async () => ((await api.find(paths.workload)) ? undefined : true), {
    abortable: false,
  });
  if (!gone)
    throw new MoveError(
      `${name(move)} is still there ${patience / 1000} s after it was deleted, so it can't be made again`,
      { transient: true },
    );
  await make(context, withNewTemplate(old, move, target));
  await dropManifest(context);
  await dropOldPod(context);
}

/** Deletes a pod that outlived its StatefulSet, because it has the old volume. Its successor takes its place. */
export async function dropOldPod({ api, paths, move }: Context): Promise<void> {
  if (move.kind !== "fill" || !move.template) return;
  const pod = await api.find(paths.pod(`${move.workload.name}-0`));
  if (pod && podsUsing([pod], move.target.claim).length === 0)
    await api.remove(paths.pod(pod.metadata.name), { preconditions: { uid: pod.metadata.uid } });
}

async function make({ api, paths }: Context, manifest: Manifest): Promise<void> {
  try {
    await api.create(paths.workloads, manifest);
  } catch (error) {
    if (!(error instanceof ApiError && error.reason === "AlreadyExists")) throw error;
  }
}
