import type { NodeFacts } from "../../../model/node-facts";
import { claimFacts, volumeFacts } from "../../facts";
import { node, nothingSeen, stack } from "../../preflight/cluster";

export const Gi = 1024 ** 3;
export const path = "/var/mnt/disk";
export const second = "/var/mnt/second";

export const backend = (more: object) => stack({ disk: { type: "local-path", path, default: true, ...more } });
export const shared = backend({ sharedDisk: true });

/** A volume of redis-data on a node, that a pod uses, and what the kubelet measures. */
export const claim = claimFacts({
  namespace: "local-ai-system",
  name: "redis-data",
  className: "disk",
  size: "2Gi",
  phase: "Bound",
  volume: "pvc-1",
});
export const volume = (on: string, size = "2Gi") =>
  volumeFacts({
    name: "pvc-1",
    className: "disk",
    size,
    phase: "Bound",
    accessModes: ["ReadWriteOnce"],
    tiedTo: [on],
    path: `${path}/pvc-1_local-ai-system_redis-data`,
    claim: "local-ai-system/redis-data",
  });
export const measured = (name: string, capacity: number, available: number, more: Partial<NodeFacts> = {}) =>
  node(name, {
    stats: {
      root: { capacity: 50 * Gi, available: 10 * Gi },
      volumes: [{ namespace: "local-ai-system", claim: "redis-data", capacity, available }],
    },
    ...more,
  });
export const used = (on: NodeFacts, size?: string) => ({
  nodes: [on],
  claims: [claim],
  volumes: [volume(on.name, size)],
});

/** A node whose probe pod saw `at` mounted at the path, or nothing there. */
export function probed(
  name: string,
  at?: { readOnly?: boolean; device?: string; capacity?: number; available?: number; point?: string; type?: string },
  more: Partial<NodeFacts> = {},
): NodeFacts {
  const {
    readOnly = false,
    device = "8:17",
    capacity = 100 * Gi,
    available = 90 * Gi,
    point = path,
    type = "ext4",
  } = at ?? {};
  const mounts = at ? [...nothingSeen.mounts, { point, type, device, readOnly, shared: true }] : nothingSeen.mounts;
  return node(name, {
    probe: { ...nothingSeen, mounts, paths: { [path]: { existing: path, capacity, available } } },
    ...more,
  });
}

/** A node whose path is on a disk that is also mounted at `point`, with a kubelet of this version. */
export function onDiskOf(point: string, kubeletVersion: string): NodeFacts {
  const { probe, ...rest } = probed("a", {}, { kubeletVersion });
  const also = { point, type: "ext4", device: "8:17", readOnly: false, shared: true };
  return { ...rest, probe: { ...probe!, mounts: [...probe!.mounts, also] } };
}

export const talosImage = { osImage: "Talos (v1.13.0)" };

const small = { capacity: 1.5 * Gi, available: 1.4 * Gi };
/** A node with both paths on this device, or on two where it isn't the first's; `size` of each. */
export const twice = (device: string, size?: number) => {
  const room = size === undefined ? small : { capacity: size, available: size };
  const { probe } = probed("a", room);
  const mounts = [...probe!.mounts, { point: second, type: "ext4", device, readOnly: false, shared: true }];
  return node("a", {
    probe: { ...probe!, mounts, paths: { ...probe!.paths, [second]: { existing: second, ...room } } },
  });
};

/** The ways out of too little room: where it may be so already, and where it is refused. */
export const less = "ask for less, add a disk or a node, or clear out what shares the disk";
export const allowed = `${less}, or allow it with cluster-storage:backends.disk.overCommit: warn`;
