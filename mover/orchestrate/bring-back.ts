import { movingAnnotation } from "../../model/metadata";
import type { Context } from "./context";
import { dropManifest, keptManifest } from "./kept-manifest";
import type { Workload } from "./objects";
import { hasStarted, newestPod } from "./pods";
import { findWorkload } from "./service";
import { startPatch } from "./switch";
import { endInUse } from "./workload";

/**
 * Brings a service that this move stopped back to its old volume. Leaves any other service
 * alone. Returns whether it did.
 */
export async function bringBack(context: Context): Promise<boolean> {
  const { api, paths, move } = context;
  const workload = await findWorkload(context);
  if (workload?.metadata.annotations?.[movingAnnotation] !== move.job) return false;
  if (endInUse(workload, move) === "target") return switchBack(context, workload);
  await api.patch(paths.workload, startPatch);
  return true;
}

/**
 * Switches back only from an emptyDir on which the service never started. Any other target already has the newest data.
 */
async function switchBack(context: Context, workload: Workload): Promise<boolean> {
  const { api, paths, move } = context;
  const old = move.kind === "spill" ? await keptManifest(context) : undefined;
  if (!old || hasStarted(await newestPod(context, workload))) return false;
  const { volumes, initContainers = null, containers } = old.spec.template.spec;
  await api.patch(paths.workload, {
    ...startPatch,
    spec: { replicas: 1, template: { spec: { volumes, initContainers, containers } } },
  });
  await dropManifest(context);
  return true;
}
