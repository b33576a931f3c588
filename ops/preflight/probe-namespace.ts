import type { V1Namespace } from "@kubernetes/client-node";
import { UserError } from "../../model/user-error";
import { describeApiError, ifFound, type Kube } from "../../kube/client";
import { isProbeNamespace, namespace } from "../../preflight/probe/pod";
import { NotYet, waitFor } from "../terminal/wait";

/** Milliseconds in which the namespace has to be gone. */
const patience = 45_000;

/**
 * Removes the namespace of the probe pods, or of an earlier run's, and returns when it is gone. Throws a UserError
 * where a namespace of that name isn't preflight's own or has claims, because all that is in it would go with it.
 */
export async function removeProbeNamespace(kube: Kube, stop?: AbortSignal): Promise<void> {
  const found = await ifFound<V1Namespace>(kube.core.readNamespace({ name: namespace }));
  if (!found) return;
  const claims = await kube.core.listNamespacedPersistentVolumeClaim({ namespace }).catch((error: unknown) => {
    throw describeApiError(error, kube, `reading the claims of namespace ${namespace}`);
  });
  const refusal = refuseRemoval(
    found,
    claims.items.map(({ metadata }) => metadata?.name ?? ""),
  );
  if (refusal !== undefined) throw new UserError(refusal);
  // No other of the same name that somebody makes meanwhile.
  const preconditions = { uid: found.metadata?.uid };
  await ifFound(kube.core.deleteNamespace({ name: namespace, body: { preconditions } }));
  const remains =
    `namespace ${namespace} of the probe pods could not be deleted; see what holds it: ` +
    `kubectl get namespace ${namespace} -o yaml`;
  await waitFor(
    async () => {
      if (!(await ifFound(kube.core.readNamespace({ name: namespace })))) return;
      throw stop?.aborted ? new UserError(remains) : new NotYet(remains);
    },
    { patience },
  );
}

/** Why a namespace of that name isn't deleted; undefined where it is the probe pods' own and holds no data. */
export function refuseRemoval(found: V1Namespace, claims: string[]): string | undefined {
  const instead =
    "so it is not deleted, and no probe pod runs; use npm run preflight without --probe, or clear it by hand";
  if (!isProbeNamespace(found))
    return `namespace ${namespace} is in the cluster and was not made by npm run preflight, ${instead}`;
  return claims.length > 0 ? `namespace ${namespace} has claims (${claims.join(", ")}), ${instead}` : undefined;
}
