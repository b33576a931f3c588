import { switchedOffAnnotation } from "../../model/metadata";
import type { ClaimFacts, ClassFacts, VolumeFacts } from "../../model/preflight-facts";
import { type Item, namespaceOf, stackOf } from "./objects";

const defaultFlag = "storageclass.kubernetes.io/is-default-class";
const oldDefaultFlag = "storageclass.beta.kubernetes.io/is-default-class";

export interface ClassItem extends Item {
  provisioner: string;
  parameters?: Record<string, string>;
  reclaimPolicy?: string;
  volumeBindingMode?: string;
  allowVolumeExpansion?: boolean;
}

export function readClass(item: ClassItem): ClassFacts {
  const { labels = {}, annotations = {} } = item.metadata;
  const isDefaultByBeta = annotations[oldDefaultFlag] === "true";
  return {
    name: item.metadata.name,
    provisioner: item.provisioner,
    parameters: item.parameters ?? {},
    // What the API server fills in where nothing is said.
    reclaimPolicy: item.reclaimPolicy ?? "Delete",
    bindingMode: item.volumeBindingMode ?? "Immediate",
    allowsExpansion: item.allowVolumeExpansion ?? false,
    isDefault: isDefaultByBeta || annotations[defaultFlag] === "true",
    isDefaultByBeta,
    labels,
    annotations,
    switchedOffBy: annotations[switchedOffAnnotation],
    stack: stackOf(item),
  };
}

export interface ClaimItem extends Item {
  spec?: { storageClassName?: string; volumeName?: string; resources?: { requests?: { storage?: string } } };
  status?: { phase?: string };
}

export function readClaim(item: ClaimItem): ClaimFacts {
  const { storageClassName, volumeName, resources } = item.spec ?? {};
  return {
    namespace: namespaceOf(item),
    name: item.metadata.name,
    className: storageClassName,
    size: resources?.requests?.storage ?? "0",
    phase: item.status?.phase ?? "Pending",
    volume: volumeName,
    stack: stackOf(item),
  };
}

export interface VolumeItem extends Item {
  spec?: {
    storageClassName?: string;
    capacity?: { storage?: string };
    accessModes?: string[];
    local?: { path: string };
    hostPath?: { path: string };
    csi?: { driver: string };
    claimRef?: { namespace: string; name: string };
    nodeAffinity?: {
      required?: { nodeSelectorTerms?: { matchExpressions?: { operator: string; values?: string[] }[] }[] };
    };
  };
  status?: { phase?: string };
}

export function readVolume({ metadata, spec = {}, status }: VolumeItem): VolumeFacts {
  const { claimRef, nodeAffinity } = spec;
  const expressions = (nodeAffinity?.required?.nodeSelectorTerms ?? []).flatMap(
    ({ matchExpressions = [] }) => matchExpressions,
  );
  return {
    name: metadata.name,
    className: spec.storageClassName ?? "",
    size: spec.capacity?.storage ?? "0",
    phase: status?.phase ?? "Pending",
    accessModes: spec.accessModes ?? [],
    path: spec.local?.path ?? spec.hostPath?.path,
    driver: spec.csi?.driver,
    nodes: expressions.flatMap(({ operator, values = [] }) => (operator === "In" ? values : [])),
    claim: claimRef && `${claimRef.namespace}/${claimRef.name}`,
  };
}
