import type { VolumePlan } from "../../model/storage";
import { errorCode, type Kube } from "../../kube/client";
import { assertTakesPods, nodesOf } from "./nodes";

/**
 * The only node that a claim's volume can be reached from; undefined where there are several, or where the volume can't
 * be read.
 */
export async function nodeOf(
  { core }: Pick<Kube, "core">,
  { namespace, name, ephemeral }: Pick<VolumePlan, "namespace" | "name" | "ephemeral">,
): Promise<string | undefined> {
  if (ephemeral) return undefined;
  try {
    const { spec } = await core.readNamespacedPersistentVolumeClaim({ namespace, name });
    const nodes =
      spec?.volumeName === undefined ? undefined : nodesOf(await core.readPersistentVolume({ name: spec.volumeName }));
    return nodes?.length === 1 ? nodes[0] : undefined;
  } catch {
    // Only for what a person reads: the move itself goes by what its pods find.
    return undefined;
  }
}

/** Throws a UserError where no volume can be made on the node. Skipped for credentials that may not list nodes. */
export async function assertTargetNode({ core }: Pick<Kube, "core">, node: string | undefined): Promise<void> {
  if (node === undefined) return;
  const nodes = await core
    .listNode()
    .catch((error: unknown) => (errorCode(error) === 403 ? undefined : Promise.reject(error as Error)));
  if (nodes) assertTakesPods(node, nodes.items);
}
