import { amount } from "../model/quantity";
import { volumesOf } from "./claims";
import { finder, guardNodes, isBound } from "./guard-nodes";
import { ownerName } from "../model/metadata";
import type { ClaimFacts, ClusterFacts } from "../model/facts";
import type { VolumePlan } from "../model/storage";
import type { Fault, StoragePlan } from "../model/plan";

export interface Guarded {
  faults: Fault[];
  warnings: string[];
}

/**
 * Whatever of the plan would cost data that is in the cluster, or can't be done there: found before anything is tried.
 */
export function guardData(plan: StoragePlan, found: ClusterFacts): Guarded {
  // A claim that is being deleted is nobody's any more.
  const facts = { ...found, claims: found.claims.filter(({ deleting }) => !deleting) };
  const volumes = volumesOf(plan.services.flatMap(({ claims }) => claims));
  const claimOf = finder(facts.claims);
  const faults = volumes.flatMap((volume) => {
    const claim = claimOf(volume);
    return claim ? guardVolume(volume, claim, plan, facts) : [];
  });
  const left = leftOut(plan, volumes, facts);
  return {
    faults: [
      ...guardCluster(plan, facts),
      ...faults,
      ...guardNodes(plan, facts),
      ...left.faults,
      ...takenAlong(plan, facts),
    ],
    warnings: [...left.warnings, ...asItWas(plan)],
  };
}

/** What a command calls the volume: the service, and its claim where it has several. */
const argument = ({ path }: VolumePlan) =>
  path
    .replace(/^services\./, "")
    .replace(/\.kept\[.*$/, "")
    .replace(".", "/");

function guardVolume(volume: VolumePlan, claim: ClaimFacts, plan: StoragePlan, facts: ClusterFacts): Fault[] {
  const owner = ownerName(plan.owner);
  // Adoption looks at every claim itself and says what the config would have to say; afterwards the guards hold again.
  if (plan.adopting) return [];
  if (claim.stack !== owner) return [foreign(volume, claim)];
  const wrong = [
    checkClass(volume, claim) ?? checkNode(volume, claim),
    checkVolume(volume, claim),
    checkMode(volume, claim),
    checkSize(volume, claim, facts),
  ];
  return wrong.filter((fault) => fault !== undefined);
}

const whose = ({ stack }: ClaimFacts) => (stack === undefined ? "belongs to no stack" : `belongs to stack ${stack}`);

function foreign({ path, name, namespace }: VolumePlan, claim: ClaimFacts): Fault {
  const way =
    claim.stack === undefined
      ? "take it over with npm run adopt, or give this one another name (claim:)"
      : "give this one another name (claim:) or namespace";
  return { path, message: `claim ${name} is in namespace ${namespace} already and ${whose(claim)}; ${way}` };
}

function checkClass(volume: VolumePlan, claim: ClaimFacts): Fault | undefined {
  const { path, className, name, backend } = volume;
  if (className === undefined || claim.className === undefined || claim.className === className) return undefined;
  const was = claim.className === "" ? "static volumes" : `class "${claim.className}"`;
  const fixed = `claim ${name} has its data on ${was}, and a claim's class can't be changed`;
  return {
    path,
    message: isKept(volume)
      ? `${fixed}; say what it has`
      : `${fixed}; take the data along: npm run move -- ${argument(volume)} ` +
        `--to ${backend ?? (className || "another backend")}${onNode(volume)}`,
  };
}

const onNode = ({ node }: VolumePlan) => (node === undefined ? "" : ` --node ${node}`);

function checkNode(volume: VolumePlan, claim: ClaimFacts): Fault | undefined {
  const { path, node, name } = volume;
  if (node === undefined || !isBound(claim) || claim.node === undefined || claim.node === node) return undefined;
  const fixed = `claim ${name} has its volume on node ${claim.node}, and that can't leave it`;
  return {
    path: `${path}.node`,
    message: isKept(volume)
      ? `${fixed}; say what it has`
      : `${fixed}; take the data along: npm run move -- ${argument(volume)}${onNode(volume)}`,
  };
}

function checkVolume(volume: VolumePlan, claim: ClaimFacts): Fault | undefined {
  const { path, volumeName, name } = volume;
  if (volumeName === undefined || !isBound(claim) || claim.volume === undefined || claim.volume === volumeName)
    return undefined;
  const fixed =
    `claim ${name} has its data on volume ${claim.volume}, the config says ${volumeName}, and a ` +
    "claim's " +
    "volume can't be changed";
  return {
    path,
    message:
      `${fixed}; name ${claim.volume} ` +
      `again${isKept(volume) ? "" : "; a new generation takes the data to another"}`,
  };
}

function checkMode(volume: VolumePlan, claim: ClaimFacts): Fault | undefined {
  const { path, accessMode, name, generation } = volume;
  if (claim.accessModes.length === 0 || claim.accessModes.includes(accessMode)) return undefined;
  const fixed = `claim ${name} is ${claim.accessModes.join(" and ")}, and a claim's access mode can't be changed`;
  const kept =
    `kept: [{ generation: ${generation}, ` +
    `size: ${claim.size}${claim.className ? `, class: ${claim.className}` : ""}, ` +
    `accessMode: ${claim.accessModes[0]} }]`;
  return {
    path: `${path}.accessMode`,
    message: isKept(volume)
      ? `${fixed}; say what it has`
      : `${fixed}; give the data a new volume: generation: ${generation + 1}, ${kept}`,
  };
}

function checkSize(volume: VolumePlan, claim: ClaimFacts, facts: ClusterFacts): Fault | undefined {
  const { size, name } = volume;
  const [wanted, has] = [amount(size), amount(claim.size)];
  const path = `${volume.path}.size`;
  const move = isKept(volume)
    ? "say what it has"
    : `move the data to another: npm run move -- ${argument(volume)} --size ${size}`;
  if (wanted < has)
    return {
      path,
      message: `${size} is less than the ${claim.size} of claim ${name}, and a volume can't shrink; ${move}`,
    };
  const known = facts.classes.find((known) => known.name === claim.className);
  if (wanted === has || !isBound(claim) || known?.allowsExpansion) return undefined;
  return {
    path,
    message:
      `${size} is more than the ${claim.size} of claim ${name}, and its class ` +
      `"${claim.className ?? ""}" can't ` +
      `grow a volume; ${move}`,
  };
}

const isKept = ({ path }: VolumePlan) => path.includes(".kept[");

/** Claims of this stack that hold data and that the config doesn't name any more. */
function leftOut(plan: StoragePlan, volumes: VolumePlan[], facts: ClusterFacts): Guarded {
  const named = new Set(volumes.map(({ namespace, name }) => `${namespace}/${name}`));
  const services = new Set(plan.services.map(({ name }) => name));
  const left = facts.claims.filter(
    ({ stack, namespace, name }) => stack === ownerName(plan.owner) && !named.has(`${namespace}/${name}`),
  );
  return {
    faults: left
      .filter(({ unprotected }) => !unprotected)
      .map((claim) => ({
        path: `services.${claim.service}`,
        message: services.has(claim.service) ? renamed(claim) : removed(claim),
      })),
    warnings: left
      .filter(({ unprotected }) => unprotected)
      .map(
        ({ service, name, namespace }) =>
          `claim ${name} in namespace ${namespace} is deleted with its data, because services.${service} was ` +
          "protect: false",
      ),
  };
}

function removed({ service, name, namespace }: ClaimFacts): string {
  return (
    `is gone from the config, but its claim ${name} is in namespace ${namespace}; to take the service out and ` +
    `keep its data, leave services.${service} in and set run: false`
  );
}

function renamed({ service, name, namespace }: ClaimFacts): string {
  return (
    `claim ${name} in namespace ${namespace} is not in the config any more; take back the change of its name, ` +
    `namespace or generation, or list it under kept; npm run release -- ${service} gives up a volume that is kept`
  );
}

/** A namespace goes with the last service in it, where nothing protects that, and every claim in it goes along. */
function takenAlong({ namespaces, owner }: StoragePlan, { claims }: ClusterFacts): Fault[] {
  const isOwn = (claim: ClaimFacts) => claim.stack === ownerName(owner);
  const going = claims.filter(
    (claim) => isOwn(claim) && claim.unprotected && !namespaces.some(({ name }) => name === claim.namespace),
  );
  return claims
    .filter((claim) => !isOwn(claim))
    .flatMap((claim) => {
      const service = going.find(({ namespace }) => namespace === claim.namespace)?.service;
      if (service === undefined) return [];
      return [
        {
          path: `services.${service}`,
          message:
            `goes with its namespace ${claim.namespace}, which takes along claim ${claim.name}; ` +
            `that ${whose(claim)}, so bring its data elsewhere first, or leave services.${service} in and set ` +
            "run: false",
        },
      ];
    });
}

/** The same stack on another cluster would begin there with empty volumes. */
function guardCluster({ cluster, adopting }: StoragePlan, { uid, deployedTo }: ClusterFacts): Fault[] {
  if (adopting || uid === undefined || deployedTo === undefined || uid === deployedTo) return [];
  return [
    {
      path: "cluster.context",
      message:
        `"${cluster.context}" leads to another cluster than the one that has this stack's data ` +
        `(kube-system ${uid}, not ${deployedTo}); name that one, or make a new stack for this cluster`,
    },
  ];
}

/** Returning to an earlier volume without copying is a choice, and leaves something behind. */
function asItWas({ services }: StoragePlan): string[] {
  return services
    .flatMap(({ claims }) => claims)
    .flatMap(({ name, path, generation, kept, move, ephemeral }) => {
      const newer = kept
        .filter((other) => other.generation > generation && !other.ephemeral)
        .sort((a, b) => b.generation - a.generation)[0];
      return move || ephemeral || !newer
        ? []
        : [
            `${path}: ${name} is used as it was when the data moved on; what was written since is ` +
              `in ${newer.name}, which is kept`,
          ];
    });
}
