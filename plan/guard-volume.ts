import type { ClaimFacts, ClusterFacts } from "../model/facts";
import { claimArgument, volumePath } from "../model/config-path";
import type { Fault } from "../model/plan";
import { amount } from "../model/quantity";
import type { VolumePlan } from "../model/storage";
import { isBound } from "./guard-nodes";

/**
 * Finds changes that Kubernetes refuses for an existing claim, and claims that belong to somebody else. `owner`: this
 * stack's mark.
 */
export function guardVolume(volume: VolumePlan, claim: ClaimFacts, owner: string, facts: ClusterFacts): Fault[] {
  if (claim.stack !== owner) return [foreign(volume, claim)];
  const wrong = [
    checkClass(volume, claim) ?? checkNode(volume, claim),
    checkVolume(volume, claim),
    checkMode(volume, claim),
    checkSize(volume, claim, facts),
  ];
  return wrong.filter((fault) => fault !== undefined);
}

/** `belongs to …`, for a claim that is not this stack's. */
export const describeOwner = ({ stack }: ClaimFacts) =>
  stack === undefined ? "belongs to no stack" : `belongs to stack ${stack}`;

function foreign(volume: VolumePlan, claim: ClaimFacts): Fault {
  const { name, namespace } = volume;
  const wayOut =
    claim.stack === undefined
      ? "take it over with npm run adopt, or give this service's claim another name (claim:)"
      : "give this service's claim another name (claim:) or namespace";
  return {
    path: volumePath(volume),
    message: `claim ${name} is in namespace ${namespace} already and ${describeOwner(claim)}; ${wayOut}`,
  };
}

const isKept = ({ keptIndex }: VolumePlan) => keptIndex !== undefined;
const restore = "restore the kept entry's previous value";
const onNode = ({ node }: VolumePlan) => (node === undefined ? "" : ` --node ${node}`);

function checkClass(volume: VolumePlan, claim: ClaimFacts): Fault | undefined {
  const { className, name, backend } = volume;
  if (className === undefined || claim.className === undefined || claim.className === className) return undefined;
  const was = claim.className === "" ? "static volumes" : `class "${claim.className}"`;
  const move = `npm run move -- ${claimArgument(volume)} --to ${backend ?? (className || "BACKEND")}${onNode(volume)}`;
  return {
    path: volumePath(volume),
    message:
      `claim ${name} has its data on ${was}, and a claim's class can't be changed; ` +
      (isKept(volume) ? restore : `move the data: ${move}`),
  };
}

function checkNode(volume: VolumePlan, claim: ClaimFacts): Fault | undefined {
  const { node, name } = volume;
  if (node === undefined || !isBound(claim) || claim.node === undefined || claim.node === node) return undefined;
  return {
    path: volumePath(volume, "node"),
    message:
      `claim ${name} has its volume on node ${claim.node}, and a volume can't leave its node; ` +
      (isKept(volume) ? restore : `move the data: npm run move -- ${claimArgument(volume)}${onNode(volume)}`),
  };
}

function checkVolume(volume: VolumePlan, claim: ClaimFacts): Fault | undefined {
  const { volumeName, name } = volume;
  if (volumeName === undefined || !isBound(claim) || claim.volume === undefined || claim.volume === volumeName)
    return undefined;
  return {
    path: volumePath(volume),
    message:
      `claim ${name} has its data on volume ${claim.volume}, the config says ${volumeName}, and a claim's volume ` +
      `can't be changed; name ${claim.volume} again` +
      (isKept(volume) ? "" : `, or move the data to ${volumeName} with a new generation`),
  };
}

function checkMode(volume: VolumePlan, claim: ClaimFacts): Fault | undefined {
  const { accessMode, name, generation } = volume;
  if (claim.accessModes.length === 0 || claim.accessModes.includes(accessMode)) return undefined;
  const kept =
    `kept: [{ generation: ${generation}, size: ${claim.size}` +
    `${claim.className ? `, class: ${claim.className}` : ""}, accessMode: ${claim.accessModes[0]} }]`;
  return {
    path: volumePath(volume, "accessMode"),
    message:
      `claim ${name} is ${claim.accessModes.join(" and ")}, and a claim's access mode can't be changed; ` +
      (isKept(volume) ? restore : `give the data a new volume: generation: ${generation + 1}, ${kept}`),
  };
}

function checkSize(volume: VolumePlan, claim: ClaimFacts, facts: ClusterFacts): Fault | undefined {
  const { size, name } = volume;
  const [wanted, has] = [amount(size), amount(claim.size)];
  const path = volumePath(volume, "size");
  const wayOut = isKept(volume)
    ? restore
    : `move the data to another volume: npm run move -- ${claimArgument(volume)} --size ${size}`;
  if (wanted < has)
    return {
      path,
      message: `${size} is less than the ${claim.size} of claim ${name}, and a volume can't shrink; ${wayOut}`,
    };
  const known = facts.classes.find((known) => known.name === claim.className);
  if (wanted === has || !isBound(claim) || known?.allowsExpansion) return undefined;
  return {
    path,
    message:
      `${size} is more than the ${claim.size} of claim ${name}, and its class "${claim.className ?? ""}" can't ` +
      `grow a volume; ${wayOut}`,
  };
}
