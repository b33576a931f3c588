import type { ClaimFacts, VolumeFacts } from "../../../model/preflight-facts";
import type { NodeFacts } from "../../../model/node-facts";
import { error, node, nothingSeen, ok, stack, table, unknown, warning } from "../../preflight/cluster";

const Gi = 1024 ** 3;
const path = "/var/mnt/disk";
const probe = "npm run preflight -- --probe";

const backend = (more: object) => stack({ disk: { type: "local-path", path, default: true, ...more } });
const shared = backend({ sharedDisk: true });

/** A volume of redis-data on a node, that a pod uses, and what the kubelet measures. */
const claim: ClaimFacts = {
  namespace: "local-ai-system",
  name: "redis-data",
  className: "disk",
  size: "2Gi",
  phase: "Bound",
  volume: "pvc-1",
};
const volume = (on: string, size = "2Gi"): VolumeFacts => ({
  name: "pvc-1",
  className: "disk",
  size,
  phase: "Bound",
  accessModes: ["ReadWriteOnce"],
  nodes: [on],
  path: `${path}/pvc-1_local-ai-system_redis-data`,
  claim: "local-ai-system/redis-data",
});
const measured = (name: string, capacity: number, available: number, more: Partial<NodeFacts> = {}) =>
  node(name, {
    stats: {
      root: { capacity: 50 * Gi, available: 10 * Gi },
      volumes: [{ namespace: "local-ai-system", claim: "redis-data", capacity, available }],
    },
    ...more,
  });
const used = (on: NodeFacts, size?: string) => ({ nodes: [on], claims: [claim], volumes: [volume(on.name, size)] });

/** A node whose probe pod saw `at` mounted at the path, or nothing there. */
function probed(
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

const talosImage = { osImage: "Talos (v1.13.0)" };

describe("preflight of local-path", () => {
  table("local-path-nodes", [
    { title: "one path for all", says: [ok("1 node that takes pods has a path for volumes")] },
    {
      title: "paths of two nodes, and none of the third",
      stack: backend({ nodes: { c: [] } }),
      facts: { nodes: [node("a"), node("b"), node("c")] },
      says: [ok("2 nodes that take pods have a path for volumes")],
    },
    {
      title: "a node that isn't there",
      stack: backend({ nodes: { "worker-1": ["/data"] } }),
      facts: { nodes: [node("a"), node("worker1")] },
      says: [error("the cluster has no node worker-1, which backends.disk.nodes names", 'did you mean "worker1"?')],
    },
    {
      title: "no path where pods run",
      stack: stack({ disk: { type: "local-path", nodes: { a: ["/data"], b: [] }, default: true } }),
      facts: { nodes: [node("a", { unschedulable: true }), node("b")] },
      says: [
        error(
          "no node that takes pods has a path for volumes",
          "give such a node one in cluster-storage:backends.disk.nodes, or all nodes one in .path",
        ),
      ],
    },
  ]);

  const own = ok(`${path} is a mount of its own on a`);
  const onRoot = error(
    `${path} on a lies on the node's own disk, which a full volume would fill for everything else`,
    "mount a disk there, or where that is meant say so: cluster-storage:backends.disk.sharedDisk: true",
  );
  const inMemory = error(
    `${path} on a is in memory: every volume there is empty after a restart`,
    "mount a disk there, or name a path on one",
  );
  table("local-path-mount", [
    {
      title: "nothing known",
      facts: { nodes: [node("a"), node("b")] },
      says: [
        unknown(
          `whether ${path} is a mount of its own on a and b shows when a volume there is in use, or by a probe pod`,
          probe,
        ),
      ],
    },
    { title: "a volume in use on another disk", facts: used(measured("a", 100 * Gi, 90 * Gi)), says: [own] },
    { title: "a volume in use on the node's own disk", facts: used(measured("a", 50 * Gi, 10 * Gi)), says: [onRoot] },
    {
      title: "that may be so",
      stack: shared,
      facts: used(measured("a", 50 * Gi, 10 * Gi)),
      says: [ok("volumes may share the nodes' own disks, as sharedDisk says")],
    },
    { title: "the probe saw a mount", facts: { nodes: [probed("a", {})] }, says: [own] },
    { title: "the probe saw no mount", facts: { nodes: [probed("a")] }, says: [onRoot] },
    {
      title: "the probe saw the node's own disk mounted there again",
      facts: { nodes: [probed("a", { device: "8:1" })] },
      says: [onRoot],
    },
    {
      title: "the probe saw the kubelet's disk, as below Talos' /var",
      facts: { nodes: [probed("a", { point: "/var", device: "8:6" })] },
      says: [onRoot],
    },
    {
      title: "the probe saw memory",
      facts: { nodes: [probed("a", { type: "tmpfs" }), probed("b", {})] },
      says: [inMemory, ok(`${path} is a mount of its own on b`)],
    },
    {
      title: "memory, where the node's own disk may be shared",
      stack: shared,
      facts: { nodes: [probed("a", { type: "tmpfs" }), probed("b")] },
      says: [inMemory, ok(`${path} may share the own disk of b, as sharedDisk says`)],
    },
    {
      title: "a node whose root is in memory, as Minikube's",
      stack: shared,
      facts: { nodes: [probed("a", { type: "tmpfs", point: "/", device: "8:1" })] },
      says: [inMemory],
    },
    {
      title: "different on two nodes",
      facts: { nodes: [probed("a"), probed("b", {})] },
      says: [onRoot, ok(`${path} is a mount of its own on b`)],
    },
  ]);

  table("local-path-writable", [
    {
      title: "nothing known",
      says: [
        unknown(`whether ${path} can be written to on a shows when a volume was made there, or by a probe pod`, probe),
      ],
    },
    { title: "a volume in use", facts: used(measured("a", 50 * Gi, 10 * Gi)), says: [ok(`${path} is writable on a`)] },
    { title: "a volume that nobody has measured yet", facts: used(node("a")), says: [ok(`${path} is writable on a`)] },
    {
      title: "mounted read-only",
      facts: { nodes: [probed("a", { readOnly: true })] },
      says: [
        error(
          `${path} on a is read-only, mounted at ${path}`,
          "mount it for writing: mount -o remount,rw, and the same in the node's fstab",
        ),
      ],
    },
    {
      title: "Talos' /opt",
      stack: backend({ path: "/opt/volumes" }),
      facts: { nodes: [node("a", talosImage)] },
      says: [
        error(
          "/opt/volumes on a is read-only: Talos lets nothing write outside /var",
          "use a user volume, which is mounted below /var/mnt: docs/talos.md",
        ),
      ],
    },
  ]);

  const less = "ask for less, add a disk or a node, or clear out what shares the disk";
  const allowed = `${less}; where that is meant: cluster-storage:backends.disk.overCommit: warn`;
  const grown = "after the update its claims may grow to 2Gi, and the disks have room for 1Gi";
  const second = "/var/mnt/second";
  const twoPaths = backend({ nodes: { a: [path, second] } });
  const small = { capacity: 1.5 * Gi, available: 1.4 * Gi };
  const twice = (device: string, size?: number) => {
    const room = size === undefined ? small : { capacity: size, available: size };
    const { probe } = probed("a", room);
    const mounts = [...probe!.mounts, { point: second, type: "ext4", device, readOnly: false, shared: true }];
    return node("a", {
      probe: { ...probe!, mounts, paths: { ...probe!.paths, [second]: { existing: second, ...room } } },
    });
  };
  const twoBackends = (fast: object, disk: object = {}) =>
    stack(
      {
        disk: { type: "local-path", path, default: true, ...disk },
        fast: { type: "local-path", ...("nodes" in fast ? {} : { path: second }), ...fast },
      },
      { redis: { size: "1Gi" }, searxng: { size: "1Gi", backend: "fast" } },
    );
  const tooMuch =
    "after the update the claims of disk and fast, which share disks, may grow to 2Gi, and the disks have " +
    "room for 1.5Gi";
  const refused = (title: string, name: string) =>
    error(title, `${less}; where that is meant: cluster-storage:backends.${name}.overCommit: warn`);
  const together = (name: string) => refused(tooMuch, name);
  const togetherOf = (name: string, space: string) =>
    refused(
      "after the update the claims of disk and fast, which share disks, may grow to 2Gi, and the disks have " +
        `room for ${space}`,
      name,
    );
  const alone = ok("its claims may grow to 1Gi after the update, and the disks have room for 1.5Gi");
  const bothFit = ok(
    "the claims of disk and fast, which share disks, may grow to 2Gi after the update, and the disks have " +
      "room for 100Gi",
  );
  const promisedToBoth = (name: string) =>
    refused(
      `the volumes of disk and fast in ${path} and ${second} on a may grow to 2Gi, and they have room for 1.5Gi`,
      name,
    );
  const both = {
    claims: [
      { ...claim, size: "1Gi" },
      { ...claim, namespace: "local-ai-search", name: "searxng-data", className: "fast", size: "1Gi", volume: "pvc-2" },
    ],
    volumes: [
      volume("a", "1Gi"),
      { ...volume("a", "1Gi"), name: "pvc-2", path: `${second}/pvc-2_x_y`, claim: "local-ai-search/searxng-data" },
    ],
  };
  const elsewhere = (size: number) =>
    node("b", {
      probe: {
        ...nothingSeen,
        mounts: [
          ...nothingSeen.mounts,
          { point: "/data", type: "ext4", device: "8:17", readOnly: false, shared: true },
        ],
        paths: {
          "/data": { existing: "/data", capacity: size, available: size },
          [path]: { existing: path, capacity: 0, available: 0 },
        },
      },
    });
  table("local-path-space", [
    {
      title: "nothing known",
      says: [unknown("how much room its paths have shows when a volume there is in use, or by a probe pod", probe)],
    },
    {
      title: "room for what is asked",
      facts: { nodes: [probed("a", {})] },
      says: [ok("its claims may grow to 2Gi after the update, and the disks have room for 100Gi")],
    },
    {
      title: "room for what is there",
      facts: used(measured("a", 100 * Gi, 90 * Gi)),
      says: [ok("its claims may grow to 2Gi, and the disks have room for 100Gi")],
    },
    {
      title: "of a shared disk what is free",
      stack: shared,
      facts: used(measured("a", 50 * Gi, 10 * Gi)),
      says: [ok("its claims may grow to 2Gi, and the disks have room for 10Gi")],
    },
    {
      title: "of a disk that is said to be shared, before any volume",
      stack: shared,
      facts: { nodes: [node("a", { stats: { root: { capacity: 50 * Gi, available: 10 * Gi }, volumes: [] } })] },
      says: [ok("its claims may grow to 2Gi after the update, and the disks have room for 10Gi")],
    },
    {
      title: "too little for what is asked",
      facts: { nodes: [probed("a", { capacity: Gi, available: Gi })] },
      says: [error(grown, allowed)],
    },
    {
      title: "too little, which may be so",
      stack: backend({ overCommit: "warn" }),
      facts: { nodes: [probed("a", { capacity: Gi, available: Gi })] },
      says: [warning(grown, less)],
    },
    {
      title: "too little for what is there",
      facts: used(measured("a", 3 * Gi, 2 * Gi), "4Gi"),
      says: [error(`the volumes in ${path} on a may grow to 4Gi, and it has room for 3Gi`, allowed)],
    },
    {
      title: "full, whatever may be",
      stack: backend({ overCommit: "warn" }),
      facts: used(measured("a", 60 * Gi, Gi)),
      says: [
        error(
          `${path} on a is full: 1Gi of 60Gi are free`,
          "see which volumes lie there (kubectl get pv), make room, or mount a larger disk",
        ),
      ],
    },
    {
      title: "several nodes together",
      facts: { nodes: [probed("a", { capacity: Gi, available: Gi }), probed("b", { capacity: Gi, available: Gi })] },
      says: [ok("its claims may grow to 2Gi after the update, and the disks have room for 2Gi")],
    },
    {
      title: "another backend's volume deeper down is not its own",
      facts: {
        ...used(measured("a", 3 * Gi, 2 * Gi)),
        volumes: [volume("a"), { ...volume("a", "9Gi"), name: "pvc-2", path: `${path}/fast/pvc-2_x_y`, claim: "x/y" }],
      },
      says: [ok("its claims may grow to 2Gi, and the disks have room for 3Gi")],
    },
    {
      title: "two paths on one disk",
      stack: twoPaths,
      facts: { nodes: [twice("8:17")] },
      says: [error("after the update its claims may grow to 2Gi, and the disks have room for 1.5Gi", allowed)],
    },
    {
      title: "two paths on two disks",
      stack: twoPaths,
      facts: { nodes: [twice("8:33")] },
      says: [ok("its claims may grow to 2Gi after the update, and the disks have room for 3Gi")],
    },
    {
      title: "two paths on the disk that is said to be shared",
      stack: backend({ sharedDisk: true, nodes: { a: [path, `${path}/second`] } }),
      facts: { nodes: [node("a", { stats: { root: { capacity: 4 * Gi, available: Gi }, volumes: [] } })] },
      says: [error("after the update its claims may grow to 2Gi, and the disks have room for 1Gi", allowed)],
    },
    {
      title: "two paths that are promised more than their disk together",
      stack: twoPaths,
      facts: {
        nodes: [twice("8:17")],
        claims: [claim],
        volumes: [
          volume("a", "1Gi"),
          { ...volume("a", "1Gi"), name: "pvc-2", path: `${second}/pvc-2_x_y`, claim: "x/y" },
        ],
      },
      says: [error(`the volumes in ${path} and ${second} on a may grow to 2Gi, and they have room for 1.5Gi`, allowed)],
    },
    {
      title: "two backends on one disk, whose claims fit alone and not together",
      stack: twoBackends({}),
      facts: { nodes: [twice("8:17")] },
      says: [together("disk"), together("fast")],
    },
    {
      title: "two backends on one disk, of which one may ask for too much",
      stack: twoBackends({ overCommit: "warn" }),
      facts: { nodes: [twice("8:17")] },
      says: [together("disk"), warning(tooMuch, less)],
    },
    {
      title: "two backends on two disks",
      stack: twoBackends({}),
      facts: { nodes: [twice("8:33")] },
      says: [alone, alone],
    },
    {
      title: "two backends on one disk, with room for both",
      stack: twoBackends({}),
      facts: { nodes: [twice("8:17", 100 * Gi)] },
      says: [bothFit, bothFit],
    },
    {
      title: "two backends on the node's own disk, which both may share",
      stack: twoBackends({ sharedDisk: true }, { sharedDisk: true }),
      facts: { nodes: [node("a", { stats: { root: { capacity: 4 * Gi, available: 1.5 * Gi }, volumes: [] } })] },
      says: [together("disk"), together("fast")],
    },
    {
      title: "two backends with volumes there that are promised more than their one disk",
      stack: twoBackends({}),
      facts: { nodes: [twice("8:17")], ...both },
      says: [promisedToBoth("disk"), promisedToBoth("fast")],
    },
    {
      title: "another backend's volumes leave the rest for what is asked",
      stack: twoBackends({}),
      facts: { nodes: [twice("8:17")], claims: [both.claims[0]!], volumes: [both.volumes[0]!] },
      says: [together("disk"), together("fast")],
    },
    {
      title:
        "a backend whose claims can go elsewhere takes nothing for certain, until its disks and the other's " +
        "are too small for both",
      stack: twoBackends({ nodes: { a: [second], b: ["/data"] } }),
      facts: { nodes: [twice("8:17"), elsewhere(0.2 * Gi)] },
      says: [togetherOf("disk", "1.7Gi"), togetherOf("fast", "1.7Gi")],
    },
    {
      title: "and where they are large enough",
      stack: twoBackends({ nodes: { a: [second], b: ["/data"] } }),
      facts: { nodes: [twice("8:17"), elsewhere(Gi)] },
      says: [alone, ok("its claims may grow to 1Gi after the update, and the disks have room for 2.5Gi")],
    },
    {
      title: "one directory of two backends counts once",
      stack: twoBackends({ path }, {}),
      facts: { nodes: [twice("8:17")], claims: both.claims, volumes: [both.volumes[0]!] },
      says: [
        ok("the claims of disk and fast, which share disks, may grow to 1Gi, and the disks have room for 1.5Gi"),
        ok("the claims of disk and fast, which share disks, may grow to 1Gi, and the disks have room for 1.5Gi"),
      ],
    },
    {
      title: "unread",
      facts: { volumes: undefined },
      says: [unknown("nodes, claims and volumes may not be listed with this context's credentials")],
    },
  ]);

  const talos = (userVolumes: Record<string, string>, extraMounts: string[] = []) => ({
    nodes: [node("a", { ...talosImage, talos: { extensions: [], userVolumes, extraMounts } })],
  });
  table("local-path-talos", [
    { title: "no Talos, nothing to say", says: [] },
    { title: "its user volume", facts: talos({ disk: "ready" }), says: [ok("Talos on a has the user volume disk")] },
    {
      title: "a user volume that isn't ready",
      facts: talos({ disk: "waiting" }),
      says: [
        error(
          "the user volume disk on a is waiting, not ready",
          "talosctl -n a get volumestatus u-disk -o yaml says why",
        ),
      ],
    },
    {
      title: "no user volume",
      facts: talos({ other: "ready" }),
      says: [
        error(
          `Talos on a has no user volume disk, so ${path} would be a directory of the system disk`,
          "apply a UserVolumeConfig named disk: docs/talos.md",
        ),
      ],
    },
    {
      title: "another path that the kubelet is given",
      stack: backend({ path: "/var/data/volumes" }),
      facts: talos({}, ["/var/data"]),
      says: [ok("the kubelet on a is given /var/data/volumes")],
    },
    {
      title: "another path that it isn't given",
      stack: backend({ path: "/var/data/volumes" }),
      facts: talos({}, ["/var/dat"]),
      says: [
        error(
          "the kubelet on a can't see /var/data/volumes, which is not below /var/mnt",
          "give it in machine.kubelet.extraMounts, or use a user volume: docs/talos.md",
        ),
      ],
    },
    {
      title: "no word of talosctl",
      facts: { nodes: [node("a", talosImage)] },
      says: [
        unknown(
          `whether Talos on a has what ${path} needs is told by talosctl, which didn't answer here`,
          "talosctl -n a get volumestatus u-disk",
        ),
      ],
    },
    {
      title: "no word of talosctl, but a mount",
      facts: { nodes: [probed("a", {}, talosImage)] },
      says: [ok(`${path} on a is mounted`)],
    },
  ]);
});
