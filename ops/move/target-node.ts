import type { ServicePlan } from "../../model/plan";
import type { VolumePlan } from "../../model/storage";
import { errorCode, type Kube } from "../../kube/client";
import { listNodes, lookUpClaim, lookUpVolume } from "../../kube/look-up";
import { nodesOf } from "../../model/nodes";
import { assertTakesPods } from "./nodes";

/**
 * The only node that a claim's volume can be reached from; undefined where there are several, or where the volume can't
 * be read.
 */
export async function nodeOf(
  kube: Pick<Kube, "core">,
  { namespace, name, ephemeral }: Pick<VolumePlan, "namespace" | "name" | "ephemeral">,
): Promise<string | undefined> {
  if (ephemeral) return undefined;
  try {
    const claim = await lookUpClaim(kube, namespace, name);
    const volume = claim?.volume === undefined ? undefined : await lookUpVolume(kube, claim.volume);
    const nodes = volume?.tiedTo?.length === 1 ? nodesOf(volume, await listNodes(kube).catch(() => [])) : undefined;
    return nodes?.length === 1 ? nodes[0] : undefined;
  } catch {
    // The node is only shown to a person. The move itself uses what its pods find.
    return undefined;
  }
}

/** Throws a UserError where no volume can be made on the node. Skipped for credentials that may not list nodes. */
export async function assertTargetNode(
  kube: Pick<Kube, "core">,
  node: string | undefined,
  services?: readonly Pick<ServicePlan, "pod">[],
): Promise<void> {
  if (node === undefined) return;
  const nodes = await listNodes(kube).catch((error: unknown) =>
    errorCode(error) === 403 ? undefined : Promise.reject(error as Error),
  );
  if (nodes) assertTakesPods(node, nodes, services);
}
