import { type KubernetesObject, PatchStrategy } from "@kubernetes/client-node";
import type { Kube } from "./client";

/**
 * Changes only the given fields of an object; null takes one away. The object needs its kind and its name; with its uid
 * the API server refuses where another one has taken the name. `manager`: whose fields they are then.
 */
export const mergePatch = (
  { objects }: Pick<Kube, "objects">,
  object: object,
  manager?: string,
): Promise<KubernetesObject> =>
  objects.patch(object as KubernetesObject, undefined, undefined, manager, undefined, PatchStrategy.MergePatch);
