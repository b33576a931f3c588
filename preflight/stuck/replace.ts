import { setTimeout as delay } from "node:timers/promises";
import type { Api } from "../../kube/api";
import { isDeleting, type Item, nameOf } from "../../kube/read/objects";
import { claimsOf, replaced, type RolledOut, type StuckPod, whyStuck } from "./decide";

/** A StatefulSet's place. Its one pod has its name with `-0`. */
export interface SetRef {
  namespace: string;
  name: string;
}

/**
 * Deletes the set's pod where it will never be what the set says now, and returns what was done; undefined where
 * nothing was. A pod with a claim that is being deleted stays: the claim would go with it.
 */
export async function replaceStuck(api: Api, { namespace, name }: SetRef): Promise<string | undefined> {
  const core = `/api/v1/namespaces/${namespace}`;
  const set = await read<RolledOut>(api, `/apis/apps/v1/namespaces/${namespace}/statefulsets/${name}`);
  const pod = set && (await read<StuckPod>(api, `${core}/pods/${name}-0`));
  const why = set && pod && whyStuck(set, pod);
  if (!pod || why === undefined) return undefined;
  for (const claim of claimsOf(pod)) {
    const found = await read<Item>(api, `${core}/persistentvolumeclaims/${claim}`);
    if (!found || isDeleting(found))
      return (
        `pod ${nameOf(pod)} in namespace ${namespace} never became ready (${why}); it was left, because its claim ` +
        `${claim} is ${found ? "being deleted and would go with it" : "not there"}; npm run status says what to do`
      );
  }
  const body = { preconditions: { uid: pod.metadata?.uid } };
  const { status } = await api.ask(`${core}/pods/${name}-0`, { method: "DELETE", body });
  if (status === 200 || status === 202) return replaced(pod, namespace, why);
  // It is another one by now, or gone.
  if (status === 404 || status === 409) return undefined;
  return (
    `pod ${nameOf(pod)} in namespace ${namespace} never became ready (${why}), and Kubernetes doesn't replace such a ` +
    `pod by itself; these credentials may not delete it (status ${status}): kubectl -n ${namespace} delete pod ` +
    `${name}-0`
  );
}

/** Looks again and again until something was done or `done` is aborted. It keeps no program alive. */
export async function watchStuck(api: Api, set: SetRef, done: AbortSignal): Promise<string | undefined> {
  while (!done.aborted) {
    const said = await replaceStuck(api, set).catch(() => undefined);
    if (said !== undefined) return said;
    await delay(2000, undefined, { ref: false });
  }
  return undefined;
}

async function read<Kind>(api: Api, path: string): Promise<Kind | undefined> {
  const { status, body } = await api.ask(path);
  return status === 200 ? (JSON.parse(body) as Kind) : undefined;
}
