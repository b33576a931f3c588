import { notArrived, type Annotations } from "../plan/arrival";
import type { ClaimPlan } from "../model/storage";
import type { Api } from "../kube/api";
import { lateRefusal } from "./late-refusal";

/**
 * Asks the cluster, right before the service is switched to a claim, whether its data has arrived there. Throws a
 * RunError where it hasn't: after an import or a targeted update, the state may wrongly say that it has.
 */
export async function assertArrived(
  api: Api,
  { namespace, claim }: { namespace: string; claim: ClaimPlan },
): Promise<void> {
  if (!claim.move) return;
  const annotations = async (name: string): Promise<Annotations> => {
    const { status, body } = await api.ask(`/api/v1/namespaces/${namespace}/persistentvolumeclaims/${name}`);
    return status === 200
      ? ((JSON.parse(body) as { metadata?: { annotations?: Annotations } }).metadata?.annotations ?? {})
      : undefined;
  };
  const why = notArrived(claim, claim.move, await annotations(claim.name), await annotations(claim.move.from.name));
  if (why !== undefined) throw lateRefusal(`services.${claim.service}: ${why}`);
}
