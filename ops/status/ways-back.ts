import type { ServiceOutput } from "../pulumi/outputs";
import { podSummary, type ServiceFacts } from "./rows";

const again = "pulumi refresh and then pulumi up";

/**
 * What isn't as it should be with a service's pods, with the way back where somebody changed the workload by hand:
 * `no pod: …`. Undefined where its pod is ready. A move and what is wrong with the data have ways out of their own.
 */
export function podTrouble(service: ServiceOutput, facts: ServiceFacts | undefined): string | undefined {
  const state = podSummary(facts);
  const back = facts?.moving === undefined && !facts?.troubles?.length ? wayBack(service, facts) : undefined;
  if (state === "ready") return undefined;
  return back === undefined ? state : `${state}: ${back}`;
}

function wayBack({ image, check }: ServiceOutput, facts: ServiceFacts | undefined): string | undefined {
  if (!facts?.pods) return `it is not in the cluster; ${again} make it again`;
  const [pod] = facts.pods;
  if (!pod) return `if somebody scaled it to 0, ${again} give it its pod again`;
  const has = pod.spec?.containers.find(({ name }) => name === check.container)?.image;
  return has === undefined || has === image
    ? undefined
    : `its pod has the image ${has}, the last update had ${image}; ${again} put that back`;
}
