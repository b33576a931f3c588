import { amount } from "../../model/quantity";
import { configPath } from "./config-path";
import type { Refusal } from "../../model/service-spec";
import type { VolumeFacts } from "../../model/facts";
import type { LiveObject, Planned } from "./types";

interface ClaimSpec {
  accessModes?: string[];
  storageClassName?: string;
  volumeName?: string;
  volumeMode?: string;
  resources?: { requests?: { storage?: string } };
}

/**
 * Why an existing claim can't become the planned one. No field checked here can be changed without losing the volume.
 */
export function refuseClaim(planned: Planned, live: LiveObject): Refusal[] {
  const path = configPath(planned);
  const [want, has] = [specOf(planned.inputs), specOf(live)];
  const { name, namespace, ownerReferences = [] } = live.metadata;
  const owner = ownerReferences[0];
  return [
    ...refuseClass(want.storageClassName, has.storageClassName ?? "", path),
    ...refuseModes(want.accessModes ?? [], has.accessModes ?? [], path),
    ...refuseSize(sizeOf(want), sizeOf(has), path),
    ...when(
      want.volumeName !== undefined && has.volumeName !== want.volumeName,
      `it is on the volume ${has.volumeName ?? "(none yet)"}, the config says ${want.volumeName}`,
      `write the name of that volume at ${path}`,
    ),
    ...when(
      has.volumeMode === "Block",
      "it is a raw block device, and the services keep files",
      `give ${path} another name: claim: NAME`,
    ),
    ...when(
      live.status?.phase === "Lost",
      `its volume ${has.volumeName} is gone from the cluster`,
      `bring the volume back, or delete the claim: kubectl -n ${namespace} delete pvc ${name}`,
    ),
    ...when(
      owner !== undefined,
      `it is deleted with its owner, ${owner?.kind} ${owner?.name}`,
      `take it from there: kubectl -n ${namespace} patch pvc ${name} --type json -p ` +
        `'[{"op":"remove","path":"/metadata/ownerReferences"}]'`,
    ),
  ];
}

/**
 * Finds the volume that a deleted claim left behind, or the reasons why the claim can't have it again. Without such a
 * volume, both are empty.
 */
export function findVolume(
  planned: Planned,
  volumes: readonly VolumeFacts[],
): { volume?: VolumeFacts; faults: Refusal[] } {
  const { name, namespace } = nameOf(planned);
  const left = volumes.filter(({ claim }) => claim === `${namespace}/${name}`);
  const [volume, other] = left;
  if (!volume) return { faults: [] };
  if (other) {
    const choose =
      'let go of all but one: kubectl patch pv NAME --type json -p \'[{"op":"remove","path":"/spec/claimRef"}]\'';
    return {
      faults: [
        {
          why:
            `${left.length} volumes were its ` +
            `own: ${left.map(({ name, size, phase }) => `${name} (${size}, ${phase})`).join(", ")}`,
          wayOut: choose,
        },
      ],
    };
  }
  const faults = refuseVolume(planned, volume);
  return faults.length > 0 ? { faults } : { volume, faults };
}

function refuseVolume(planned: Planned, volume: VolumeFacts): Refusal[] {
  const path = configPath(planned);
  const want = specOf(planned.inputs);
  return [
    ...when(
      volume.deleting,
      `its volume ${volume.name} is being deleted`,
      `see what is left of it: kubectl describe pv ${volume.name}`,
    ),
    ...when(
      !["Released", "Available"].includes(volume.phase),
      `its volume ${volume.name} is ${volume.phase}`,
      `look why: kubectl describe pv ${volume.name}`,
    ),
    ...when(
      volume.reclaimPolicy !== "Retain",
      `its volume ${volume.name} has the policy ${volume.reclaimPolicy}, so it may be on its way out`,
      retainVolume(volume.name),
    ),
    ...refuseClass(want.storageClassName, volume.className, path),
    ...refuseModes(
      want.accessModes ?? [],
      volume.accessModes,
      path,
      volume.accessModes.includes(want.accessModes?.[0] ?? ""),
    ),
    ...when(
      amount(sizeOf(want)) > amount(volume.size),
      `its volume ${volume.name} has ${volume.size}, less than the config's ${sizeOf(want)}`,
      `write ${path}.size: ${volume.size}`,
    ),
  ];
}

/** The way to keep a volume, whatever becomes of its claim. */
export const retainVolume = (name: string) =>
  `keep it first: kubectl patch pv ${name} -p '{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}'`;

/** A planned claim without a class takes the cluster's default; an existing claim then keeps its class. */
function refuseClass(want: string | undefined, has: string, path: string): Refusal[] {
  const known = has === "" ? `${path}.class: ""` : `${path}.class: ${has} (and a backend that has this class)`;
  return when(
    want !== undefined && want !== has,
    `its class is ${has === "" ? "none" : `"${has}"`}, the config's "${want}"`,
    `write ${known}; npm run move takes the data to another afterwards`,
  );
}

function refuseModes(
  want: string[],
  has: string[],
  path: string,
  enough = has.length === want.length && want.every((mode) => has.includes(mode)),
): Refusal[] {
  return when(
    !enough,
    `it is ${has.join(" and ")}, the config says ${want.join(" and ")}`,
    has.length === 1
      ? `write ${path}.accessMode: ${has[0]}`
      : "a claim of the stack has one mode: make a new claim and copy the data",
  );
}

function refuseSize(want: string, has: string, path: string): Refusal[] {
  return when(
    amount(want) !== amount(has),
    `it asks for ${has}, the config says ${want}`,
    `write ${path}.size: ${has}; it can be changed after the claim belongs to the stack`,
  );
}

const when = (wrong: boolean, why: string, wayOut: string): Refusal[] => (wrong ? [{ why, wayOut }] : []);
const specOf = (object: unknown) => ((object as { spec?: ClaimSpec }).spec ?? {}) as ClaimSpec;
const sizeOf = ({ resources }: ClaimSpec) => resources?.requests?.storage ?? "0";

/** Name and namespace of the object that the resource creates. */
export function nameOf({ inputs }: Planned): { name: string; namespace?: string } {
  return (inputs?.metadata ?? {}) as { name: string; namespace?: string };
}
