import { isDeepStrictEqual } from "node:util";
import { claimArgument, volumePath } from "../model/config-path";
import type { Fault, ServicePlan } from "../model/plan";
import { isSpillInit, spillInit, spillScripts } from "../model/spill";
import type { ClaimPlan } from "../model/storage";
import { difference, type Dry, type PodTemplate } from "./pod-template";

/** The claims whose data is, or comes, into directories of the service's pod. */
export const spilledClaims = ({ claims }: Pick<ServicePlan, "claims">): ClaimPlan[] =>
  claims.filter(({ move }) => move?.kind === "spill");

/**
 * Why an update of a service would lose what is in its pod's own directories: another template is another pod, which is
 * filled again from the claims that the data left. `next` undefined: the workload would go.
 */
export function directoryFaults(service: ServicePlan, live: PodTemplate, next: Dry | undefined): Fault[] {
  const claims = spilledClaims(service);
  const full = claims.filter(({ volume }) => isFilled(live, volume));
  const fault = (claim: ClaimPlan, message: string) => [{ path: volumePath(claim), message }];
  const [first] = full.length > 0 ? full : claims;
  if (!first) return [];
  if (full.length === 0) return next && isOtherwiseChanged(live, next) ? fault(first, arriving(service, first)) : [];
  if (!next) return fault(first, replaced(first, "take away the pod", ""));
  if ("refused" in next) return fault(first, unknown(first, next.refused));
  const where = difference(live, next.template);
  return where === undefined ? [] : fault(first, replaced(first, "replace the pod", ` (by ${where} of its template)`));
}

function isFilled({ spec: { initContainers = [], volumes = [] } = {} }: PodTemplate, volume: string): boolean {
  const own = volumes.find(({ name }) => name === volume);
  return own?.emptyDir !== undefined && initContainers.some(({ name }) => name === spillInit(volume));
}

/** Whether an update does more to a pod than its move does, by which the pod that was just filled would be replaced. */
function isOtherwiseChanged(live: PodTemplate, next: Dry): boolean {
  if ("refused" in next) return false;
  const filled = (next.template.spec?.initContainers ?? []).map(({ name }) => name).filter(isSpillInit);
  const moved = (next.template.spec?.volumes ?? [])
    .map(({ name }) => name)
    .filter((v) => filled.includes(spillInit(v)));
  return !isDeepStrictEqual(withoutMove(live, moved), withoutMove(next.template, moved));
}

/** The template without what the moves of these volumes change in it. */
function withoutMove({ spec = {}, ...rest }: PodTemplate, moved: string[]): object {
  const { initContainers = [], containers = [], volumes = [] } = spec;
  const ofMove = [...moved, ...moved.map(spillInit), spillScripts];
  const roomless = (amounts: Record<string, string> = {}) => ({ ...amounts, "ephemeral-storage": "" });
  return {
    ...rest,
    spec: {
      ...spec,
      initContainers: initContainers.filter(({ name }) => !isSpillInit(name)),
      volumes: volumes.filter(({ name }) => !ofMove.includes(name)),
      containers: containers.map(({ resources, ...container }) => ({
        ...container,
        resources: { ...resources, limits: roomless(resources?.limits) },
      })),
    },
  };
}

const wayOut = (claim: ClaimPlan) =>
  `take the data to a claim, in the same update or before: npm run move -- ${claimArgument(claim)} --to BACKEND; to ` +
  "give up what is in the pod: from: none in its lines";

const replaced = (claim: ClaimPlan, what: string, how: string) =>
  `this update would ${what} of ${claim.service}${how}, whose own directory has the data of ` +
  `${claimArgument(claim)}: the next pod begins with what claim ${claim.move?.from.name} had when the data left it, ` +
  `and what was written since would be lost; ${wayOut(claim)}`;

const unknown = (claim: ClaimPlan, refused: string) =>
  `whether this update replaces the pod of ${claim.service}, whose own directory has the data of ` +
  `${claimArgument(claim)}, can't be told (${refused}); ${wayOut(claim)}`;

const arriving = ({ name }: ServicePlan, claim: ClaimPlan) =>
  `this update would take the data of ${claimArgument(claim)} into the pod of ${name} and then replace that pod, ` +
  "which loses what is written in between; update first without the move, and then move it";
