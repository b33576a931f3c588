import type { KubernetesObject } from "@kubernetes/client-node";
import { ifFound, type Kube } from "./client";

/**
 * Deletes exactly this object, in the foreground: its pods are gone before it is. That it is gone is no error. What
 * the API server refuses is thrown, as for one that was made anew under its name. The policy is in the body beside the
 * condition, because the API server reads no query where there is a body: a Job's pods would be left and go on.
 */
export async function deleteInForeground(
  { objects }: Pick<Kube, "objects">,
  object: KubernetesObject,
  uid: string | undefined,
): Promise<void> {
  const body = { propagationPolicy: "Foreground", preconditions: { uid } };
  await ifFound(objects.delete(object, undefined, undefined, undefined, undefined, undefined, body));
}
