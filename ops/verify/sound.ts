import type { Kube } from "../../kube/client";
import { lookAtData } from "../data/look";
import { troublesOf } from "../data/troubles";
import type { ServiceOutput } from "../pulumi/outputs";

/**
 * Throws where something is wrong with the service's claims or volumes: a pod that ends would then lose data, or no pod
 * can start. `waits`: a pod has been waited for, so that a claim without a volume is wrong as well.
 */
export async function assertSound(kube: Kube, name: string, service: ServiceOutput, waits = false): Promise<void> {
  const troubles = troublesOf(name, service, await lookAtData(kube, service.namespace)).filter(
    ({ kind }) => waits || kind !== "pending",
  );
  if (troubles.length === 0) return;
  const said = troubles.map(({ why, wayOut }) => `${why}; ${wayOut}`).join("; ");
  throw new Error(waits ? said : `${said}; its pod was not touched`);
}

/** Milliseconds between two looks at the data while a pod is waited for. What is wrong with it stays so for a while. */
const every = 3000;

/** Called again and again while a pod is waited for: throws where its data is the reason why it doesn't start. */
export function watchData(kube: Kube, name: string, service: ServiceOutput): (waited: number) => Promise<void> {
  let next = every;
  return async (waited) => {
    if (waited < next) return;
    next = waited + every;
    await assertSound(kube, name, service, true);
  };
}
