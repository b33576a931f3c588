import type { JsonObject } from "../../protocol/values";
import type { Context } from "../context";
import { field } from "./fields";
import type { Observation, Readiness } from "./types";

/**
 * Ready: it is bound. If its class binds only when a pod uses the claim, a pending claim is ready too: waiting for it
 * would block the pod, which is declared after it.
 */
export async function claim({ context, live, previous }: Observation): Promise<Readiness> {
  const phase = field(live, "status", "phase");
  const onUpdate = previous !== undefined && phase === "Bound";
  const wanted = onUpdate || !(await waitsForConsumer(live, context)) ? "Bound" : "Pending";
  return {
    ready: phase === wanted,
    progress: `Waiting for the claim to be ${wanted} (it is ${String(phase)})`,
  };
}

async function waitsForConsumer(live: JsonObject, context: Context): Promise<boolean> {
  const name = field(live, "spec", "storageClassName");
  if (typeof name !== "string" || name === "") return false;
  const storageClass = await context.cluster
    .get({ apiVersion: "storage.k8s.io/v1", kind: "StorageClass", metadata: { name } })
    .catch(() => undefined);
  return storageClass?.volumeBindingMode === "WaitForFirstConsumer";
}

/** Ready: it is available or bound. */
export async function volume({ live }: Observation): Promise<Readiness> {
  const phase = String(field(live, "status", "phase"));
  return {
    ready: phase === "Available" || phase === "Bound",
    progress: `Waiting for the volume to be available (it is ${phase})`,
  };
}
