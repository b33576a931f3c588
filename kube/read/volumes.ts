import type { ReleaseNote, VolumeFacts } from "../../model/facts";
import { releasingAnnotation } from "../../model/metadata";
import { hostnameLabel } from "../../model/nodes";
import { createdOf, isDeleting, type Item, nameOf } from "./objects";

interface Expression {
  key?: string;
  operator: string;
  values?: string[];
}

interface Term {
  matchExpressions?: Expression[];
  matchFields?: Expression[];
}

export interface VolumeItem extends Item {
  spec?: {
    storageClassName?: string;
    persistentVolumeReclaimPolicy?: string;
    capacity?: { storage?: string };
    accessModes?: string[];
    local?: { path: string };
    hostPath?: { path: string };
    csi?: { driver: string };
    claimRef?: { namespace?: string; name?: string; uid?: string };
    nodeAffinity?: { required?: { nodeSelectorTerms?: Term[] } };
  };
  status?: { phase?: string; message?: string };
}

export function readVolume(item: VolumeItem): VolumeFacts {
  const { metadata, spec = {}, status } = item;
  const { claimRef, nodeAffinity } = spec;
  const terms = nodeAffinity?.required?.nodeSelectorTerms ?? [];
  return {
    name: nameOf(item),
    className: spec.storageClassName ?? "",
    size: spec.capacity?.storage ?? "0",
    phase: status?.phase ?? "Pending",
    message: status?.message,
    reclaimPolicy: spec.persistentVolumeReclaimPolicy ?? "",
    accessModes: spec.accessModes ?? [],
    path: spec.local?.path ?? spec.hostPath?.path,
    driver: spec.csi?.driver,
    ...tieOf(terms),
    claim: claimRef && `${claimRef.namespace}/${claimRef.name}`,
    claimUid: claimRef?.uid,
    provisioned: metadata?.annotations?.["pv.kubernetes.io/provisioned-by"] !== undefined,
    deleting: isDeleting(item),
    created: createdOf(item),
    ...noteOf(item),
  };
}

/** A note that somebody has written over counts as none. */
function noteOf({ metadata }: Item): Pick<VolumeFacts, "releasing"> {
  try {
    const note = JSON.parse(metadata?.annotations?.[releasingAnnotation] ?? "{}") as Partial<ReleaseNote>;
    const { stack, claim } = note;
    return typeof stack === "string" && typeof claim === "string" ? { releasing: { stack, claim } } : {};
  } catch {
    return {};
  }
}

/** How a term can name single nodes. OpenEBS labels each node with the node's own name. */
const namesNode = [hostnameLabel, "metadata.name", "openebs.io/nodename"];

/** Terms are alternatives. A term that names no node, such as one for a zone, allows every node that matches it. */
function tieOf(terms: Term[]): Pick<VolumeFacts, "tiedTo" | "tiedByName"> {
  const named = terms.map(({ matchExpressions = [], matchFields = [] }) =>
    [...matchExpressions, ...matchFields].find(
      ({ key = "", operator }) => namesNode.includes(key) && operator === "In",
    ),
  );
  if (named.length === 0 || named.some((each) => each === undefined)) return {};
  const tiedTo = named.flatMap((each) => each?.values ?? []);
  return named.every((each) => each?.key === hostnameLabel) ? { tiedTo } : { tiedTo, tiedByName: true };
}
