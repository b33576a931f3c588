import type { JsonObject } from "../../protocol/values";
import type { Context } from "../context";
import { field } from "./fields";
import { warnings } from "./trouble";
import type { Observation, Readiness } from "./types";

/**
 * Ready: bound. A claim whose class binds when a pod comes is ready while it is pending, or whatever is declared
 * after it could never come.
 */
export async function claim({ context, live, previous }: Observation): Promise<Readiness> {
  const phase = field(live, "status", "phase");
  const onUpdate = previous !== undefined && phase === "Bound";
  const wanted = onUpdate || !(await waitsForConsumer(live, context)) ? "Bound" : "Pending";
  return {
    ready: phase === wanted,
    progress: `Waiting for the claim to be ${wanted} (it is ${String(phase)})`,
    explain: () => warnings(context, [live]),
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

/** Ready: available or bound. */
export async function volume({ live }: Observation): Promise<Readiness> {
  const phase = String(field(live, "status", "phase"));
  return {
    ready: phase === "Available" || phase === "Bound",
    progress: `Waiting for the volume to be available (it is ${phase})`,
  };
}
