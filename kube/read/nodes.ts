import type { NodeFacts, NodeStats } from "../../model/node-facts";
import { isDeleting, type Item, nameOf } from "./objects";

export interface NodeItem extends Item {
  spec?: { unschedulable?: boolean; taints?: { key: string; value?: string; effect: string }[] };
  status?: {
    addresses?: { type: string; address: string }[];
    conditions?: { type: string; status: string }[];
    capacity?: Record<string, string>;
    allocatable?: Record<string, string>;
    nodeInfo?: { kubeletVersion?: string; osImage?: string; kernelVersion?: string };
  };
}

export function readNode(item: NodeItem): NodeFacts {
  const { metadata, spec = {}, status = {} } = item;
  const { kubeletVersion = "", osImage = "", kernelVersion = "" } = status.nodeInfo ?? {};
  return {
    name: nameOf(item),
    address: status.addresses?.find(({ type }) => type === "InternalIP")?.address,
    labels: metadata?.labels ?? {},
    annotations: metadata?.annotations ?? {},
    taints: spec.taints ?? [],
    unschedulable: spec.unschedulable ?? false,
    ...(isDeleting(item) && { deleting: true as const }),
    conditions: Object.fromEntries((status.conditions ?? []).map(({ type, status }) => [type, status])),
    kubeletVersion,
    osImage,
    kernelVersion,
    capacity: status.capacity ?? {},
    allocatable: status.allocatable ?? {},
  };
}

interface FileSystem {
  capacityBytes?: number;
  availableBytes?: number;
}

/** What a kubelet answers at /stats/summary, as far as it is about disks. */
export interface Summary {
  node?: { fs?: FileSystem };
  pods?: { volume?: (FileSystem & { pvcRef?: { name: string; namespace: string } })[] }[];
}

const disk = ({ capacityBytes = 0, availableBytes = 0 }: FileSystem) => ({
  capacity: capacityBytes,
  available: availableBytes,
});

/**
 * The result leaves out volumes that aren't a claim's, such as ConfigMaps. It is undefined where the kubelet has not
 * measured its disk yet.
 */
export function readStats({ node, pods = [] }: Summary): NodeStats | undefined {
  if (!node?.fs?.capacityBytes) return undefined;
  const volumes = pods
    .flatMap(({ volume = [] }) => volume)
    .flatMap(({ pvcRef, ...fileSystem }) => {
      if (!pvcRef || !fileSystem.capacityBytes) return [];
      return [{ namespace: pvcRef.namespace, claim: pvcRef.name, ...disk(fileSystem) }];
    });
  return { root: disk(node.fs), volumes };
}
