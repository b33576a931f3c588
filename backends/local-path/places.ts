import { dirname } from "node:path/posix";
import type { VolumeFacts } from "../../model/facts";
import type { PreflightFacts } from "../../model/preflight-facts";
import type { Disk, NodeFacts } from "../../model/node-facts";
import { isReachedFrom } from "../../model/nodes";
import { kubeletOf } from "../shared/kubelet";
import { mountOf } from "../shared/mounts";
import { takesPods } from "../../preflight/nodes";

/** The part of a local-path backend's config that says where it keeps volumes. */
export interface Paths {
  path?: string;
  nodes: Record<string, string[]>;
}

/** A directory of a node that volumes are made in. */
export interface Place {
  node: NodeFacts;
  path: string;
}

/** The places where volumes can be made. A node that takes no pods has none. */
export function placesOf({ path, nodes: named }: Paths, nodes: NodeFacts[]): Place[] {
  return nodes
    .filter(takesPods)
    .flatMap((node) => (named[node.name] ?? (path ? [path] : [])).map((path) => ({ node, path })));
}

/** What is known of a place, from the probe pod or from a volume in use there. */
export interface Evidence {
  disk: Disk;
  /** Whether the place has a file system of its own, which is neither the node's root nor the kubelet's. */
  own: boolean;
  /** Identifies the file system on its node, as far as can be told. Places on one file system have the same value. */
  fileSystem: string;
  readOnly: boolean;
  /** The file system's mount point, if the probe pod saw it. */
  mount?: string;
  /** Whether the file system is in memory, so that it is empty after a restart of the node. */
  inMemory?: boolean;
}

const memoryTypes = ["tmpfs", "ramfs", "rootfs"];

/** `shared`: whether the place counts as on the node's own disk when neither the probe pod nor a volume tells. */
export function evidence(place: Place, facts: PreflightFacts, shared = false): Evidence | undefined {
  const root = shared && place.node.stats?.root;
  return (
    seen(place) ??
    measured(place, facts) ??
    (root ? { disk: root, own: false, fileSystem: "root", readOnly: false } : undefined)
  );
}

function seen({ node, path }: Place): Evidence | undefined {
  const { probe } = node;
  const disk = probe?.paths[path];
  if (!probe || !disk) return undefined;
  const mount = mountOf(path, probe.mounts);
  const system = ["/", ...kubeletOf(node).paths].map((path) => mountOf(path, probe.mounts)?.device);
  const own = mount !== undefined && !system.includes(mount.device);
  return {
    disk,
    own,
    fileSystem: mount?.device ?? "root",
    readOnly: mount?.readOnly ?? false,
    mount: mount?.point,
    inMemory: mount !== undefined && memoryTypes.includes(mount.type),
  };
}

/**
 * The volumes in a place. Their directories are directly below its path, and another backend's volumes may be there
 * too.
 */
export function volumesIn({ node, path }: Place, { volumes = [] }: PreflightFacts): VolumeFacts[] {
  return volumes.filter(
    (volume) =>
      volume.tiedTo !== undefined &&
      isReachedFrom(volume, node) &&
      volume.path !== undefined &&
      dirname(volume.path) === path,
  );
}

/** Uses what the kubelet measures: the whole file system that a local volume is on, while a pod uses the volume. */
function measured(place: Place, facts: PreflightFacts): Evidence | undefined {
  const { stats } = place.node;
  const claims = new Set(volumesIn(place, facts).map(({ claim }) => claim));
  const disk = stats?.volumes.find(({ namespace, claim }) => claims.has(`${namespace}/${claim}`));
  if (!stats || !disk) return undefined;
  const { capacity, available } = disk;
  const own = capacity !== stats.root.capacity;
  // The kubelet doesn't name the file system. Two that have the same room to the byte are taken to be one.
  return { disk: { capacity, available }, own, fileSystem: own ? `${capacity}/${available}` : "root", readOnly: false };
}
