import type { ClaimFacts, ClassFacts, ClusterFacts } from "../model/facts";
import { claimArgument, volumePath } from "../model/config-path";
import type { Fault } from "../model/plan";
import { meant } from "../model/meant";
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

/** Whether a claim's class is known to be another than the planned one. */
export const hasOtherClass = ({ className }: VolumePlan, claim: ClaimFacts) =>
  className !== undefined && claim.className !== undefined && claim.className !== className;

function checkClass(volume: VolumePlan, claim: ClaimFacts): Fault | undefined {
  const { className, name, backend } = volume;
  if (!hasOtherClass(volume, claim)) return undefined;
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
  const [wanted, has] = [amount(volume.size), amount(claim.size)];
  if (wanted === has) return undefined;
  const message =
    wanted < has ? tooSmall(volume, claim) : (unbound(volume, claim) ?? tooLarge(volume, claim, facts.classes));
  return message === undefined ? undefined : { path: volumePath(volume, "size"), message };
}

const moveToSize = (volume: VolumePlan) =>
  `move the data to another volume: npm run move -- ${claimArgument(volume)} --size ${volume.size}`;

/** As the config takes it, which the cluster's own texts are not always. */
const written = (size: string) => meant(size, "Gi") ?? size;

/** A size that the volume doesn't have yet, mostly a mistyped one, can be taken back. The data doesn't shrink. */
function tooSmall(volume: VolumePlan, claim: ClaimFacts): string | undefined {
  const { size, name } = volume;
  const [wanted, has, real] = [amount(size), amount(claim.size), amount(claim.capacity ?? claim.size)];
  if (isBound(claim) && wanted > real) return undefined;
  if (!isBound(claim)) return unbound(volume, claim);
  if (real < has)
    return (
      `claim ${name} asks for ${claim.size} and has ${claim.capacity} of it; Kubernetes lets it ask for less again, ` +
      `but for more than it has: set a size above ${claim.capacity}, for instance ${Math.floor(real / gi) + 1}Gi`
    );
  const move = isKept(volume) ? "" : `, or ${moveToSize(volume)}`;
  return (
    `${size} is less than the ${written(claim.capacity ?? claim.size)} of claim ${name}, and a volume can't shrink; ` +
    `set size: ${written(claim.size)}, also where somebody grew the claim with kubectl${move}`
  );
}

const gi = 2 ** 30;

function unbound(
  { namespace, service, size }: VolumePlan,
  { name, size: asked, phase, volume }: ClaimFacts,
): string | undefined {
  if (phase !== "Pending") return undefined;
  const empty =
    volume === undefined
      ? `, or, because it has no volume and so no data, delete it (kubectl -n ${namespace} delete pvc ${name}), say ` +
        `that it may begin empty (npm run recover -- --begin-empty ${service}), and pulumi up --refresh makes it ` +
        `again with ${size}`
      : "";
  return (
    `claim ${name} is Pending and asks for ${asked}, and Kubernetes changes only the size of a Bound claim; set ` +
    `size: ${written(asked)} again${empty}`
  );
}

function tooLarge(volume: VolumePlan, claim: ClaimFacts, classes: ClassFacts[]): string | undefined {
  const known = classes.find(({ name }) => name === claim.className);
  if (!isBound(claim) || known?.allowsExpansion) return undefined;
  return (
    `${volume.size} is more than the ${claim.size} of claim ${volume.name}, and its class "${claim.className ?? ""}" ` +
    `can't grow a volume; ${isKept(volume) ? restore : moveToSize(volume)}`
  );
}
