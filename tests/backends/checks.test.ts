import type { NodeFacts } from "../../model/node-facts";
import { error, node, nothingSeen, ok, stack, table, unknown, warning } from "../preflight/cluster";

const probe = "npm run preflight -- --probe";
const seen = (name: string, more: Partial<NonNullable<NodeFacts["probe"]>> = {}) =>
  node(name, { probe: { ...nothingSeen, ...more } });
const talos = (name: string, labels: string[]) =>
  node(name, {
    osImage: "Talos (v1.13.0)",
    labels: Object.fromEntries(labels.map((label) => [`extensions.talos.dev/${label}`, "v1"])),
  });
const namespace = (name: string, stack?: string) => [{ name, labels: {}, phase: "Active", stack }];

describe("preflight of Longhorn", () => {
  const one = (more: object = {}) => stack({ big: { type: "longhorn", default: true, ...more } });
  const three = [node("a"), node("b"), node("c")];

  table("longhorn-driver", [
    { title: "nobody's yet", stack: one(), says: [ok("no other installation has the driver driver.longhorn.io")] },
    {
      title: "the stack's",
      stack: one(),
      facts: { drivers: ["driver.longhorn.io"], namespaces: namespace("longhorn-system", "test/prod") },
      says: [ok("the driver driver.longhorn.io is this stack's")],
    },
    {
      title: "somebody else's",
      stack: one(),
      facts: { drivers: ["driver.longhorn.io"], namespaces: namespace("longhorn-system") },
      says: [
        error(
          "the driver driver.longhorn.io is in the cluster already, and not by this stack: two installations " +
            "fight over its volumes",
          "use the one that is there: cluster-storage:backends.big.install: false",
        ),
      ],
    },
    {
      title: "one to use",
      stack: one({ install: false }),
      facts: { drivers: ["driver.longhorn.io"] },
      says: [ok("the driver driver.longhorn.io is there")],
    },
    {
      title: "another backend's",
      stack: stack({
        big: { type: "longhorn", default: true },
        one: { type: "longhorn", install: false, replicas: 1 },
      }),
      says: [
        ok("no other installation has the driver driver.longhorn.io"),
        ok("the driver driver.longhorn.io comes with backend big"),
      ],
    },
    {
      title: "none to use",
      stack: one({ install: false }),
      says: [
        error(
          "the driver driver.longhorn.io is not in the cluster, and backends.big.install is false",
          "install it, or let this backend do so: cluster-storage:backends.big.install: true",
        ),
      ],
    },
  ]);

  table("longhorn-nodes", [
    {
      title: "as many as copies",
      stack: one(),
      facts: { nodes: three },
      says: [ok("3 nodes take pods, enough for 3 replicas")],
    },
    {
      title: "one for three copies",
      stack: one(),
      says: [
        error(
          "3 replicas of each volume need as many nodes, and 1 node takes pods",
          "add nodes, or set cluster-storage:backends.big.replicas to 1, with what that means for a lost node",
        ),
      ],
    },
    {
      title: "one that takes no pods",
      stack: one(),
      facts: { nodes: [node("a"), node("b"), node("c", { unschedulable: true })] },
      says: [
        error(
          "3 replicas of each volume need as many nodes, and 2 nodes take pods",
          "add nodes, or set cluster-storage:backends.big.replicas to 2, with what that means for a lost node",
        ),
      ],
    },
  ]);

  const image = (name: string) =>
    `build an image with siderolabs/iscsi-tools and siderolabs/util-linux-tools, then: talosctl -n ${name} ` +
    "upgrade --image IMAGE";
  const install =
    "install open-iscsi (Debian, Ubuntu) or iscsi-initiator-utils (Red Hat, SUSE: open-iscsi), and systemctl " +
    "enable --now iscsid";
  const everywhere = ok("every node has the iSCSI tools");
  table("longhorn-iscsi", [
    {
      title: "Talos with both extensions",
      stack: one(),
      facts: { nodes: [talos("a", ["iscsi-tools", "util-linux-tools"])] },
      says: [everywhere],
    },
    {
      title: "Talos without them",
      stack: one(),
      facts: {
        nodes: [
          talos("a", ["iscsi-tools", "util-linux-tools"]),
          talos("b", ["qemu-guest-agent", "util-linux-tools"]),
          talos("c", []),
        ],
      },
      says: [
        error("b has no iscsi-tools extension", image("b")),
        error("c has no iscsi-tools extension and util-linux-tools extension", image("c")),
      ],
    },
    {
      title: "Talos as talosctl has it",
      stack: one(),
      facts: {
        nodes: [
          {
            ...talos("a", []),
            talos: { extensions: ["iscsi-tools", "util-linux-tools"], userVolumes: {}, extraMounts: [] },
          },
        ],
      },
      says: [everywhere],
    },
    {
      title: "another system, unseen",
      stack: one(),
      facts: { nodes: three },
      says: [unknown("whether a, b and c have iscsiadm shows by a probe pod", probe)],
    },
    {
      title: "another system with it",
      stack: one(),
      facts: { nodes: [seen("a", { programs: ["iscsiadm"] })] },
      says: [everywhere],
    },
    {
      title: "another system without it",
      stack: one(),
      facts: { nodes: [seen("a")] },
      says: [error("a has no iscsiadm", install)],
    },
  ]);

  table("longhorn-modules", [
    {
      title: "Talos",
      stack: one(),
      facts: { nodes: [talos("a", [])] },
      says: [ok("every node has the kernel modules")],
    },
    {
      title: "loaded",
      stack: one(),
      facts: { nodes: [seen("a", { modules: ["iscsi_tcp"] })] },
      says: [ok("every node has the kernel modules")],
    },
    {
      title: "not loaded, with encryption",
      stack: one({ encrypted: true }),
      facts: { nodes: [seen("a", { modules: ["iscsi_tcp"] }), seen("b")] },
      says: [
        warning(
          "the kernel module iscsi_tcp is not loaded on b",
          "modprobe iscsi_tcp, and its name in a file of /etc/modules-load.d",
        ),
        warning(
          "the kernel module dm_crypt is not loaded on a and b",
          "modprobe dm_crypt, and its name in a file of /etc/modules-load.d",
        ),
      ],
    },
    { title: "unseen", stack: one(), says: [unknown("which kernel modules a has shows by a probe pod", probe)] },
  ]);

  const path = "/var/lib/longhorn";
  const private_ = {
    mounts: [
      { point: "/", type: "ext4", device: "8:1", readOnly: false, shared: true },
      { point: "/var", type: "ext4", device: "8:2", readOnly: false, shared: false },
    ],
  };
  table("longhorn-mounts", [
    {
      title: "shared",
      stack: one(),
      facts: { nodes: [seen("a")] },
      says: [ok(`${path} is shared with pods on every node`)],
    },
    {
      title: "private",
      stack: one(),
      facts: { nodes: [seen("a", private_)] },
      says: [error(`${path} on a is not shared with pods that mount it`, "mount --make-rshared /var")],
    },
    { title: "unseen", stack: one(), says: [unknown(`how ${path} is mounted on a shows by a probe pod`, probe)] },
    {
      title: "Talos, given to the kubelet",
      stack: one(),
      facts: { nodes: [{ ...talos("a", []), talos: { extensions: [], userVolumes: {}, extraMounts: [path] } }] },
      says: [ok(`${path} is shared with pods on every node`)],
    },
    {
      title: "Talos, not given",
      stack: one(),
      facts: { nodes: [{ ...talos("a", []), talos: { extensions: [], userVolumes: {}, extraMounts: [] } }] },
      says: [
        error(
          `${path} on a is not shared with pods that mount it`,
          "give it in machine.kubelet.extraMounts with the options bind, rshared and rw",
        ),
      ],
    },
  ]);
});

describe("preflight of NFS", () => {
  const nfs = stack({ files: { type: "nfs", server: "nas", share: "/srv/volumes", default: true } });
  const answer = (fault?: string) => ({ servers: [{ host: "nas", port: 2049, ...(fault && { fault }) }] });
  table("nfs-server", [
    { title: "answers", stack: nfs, facts: answer(), says: [ok("nas takes connections on port 2049")] },
    {
      title: "refuses",
      stack: nfs,
      facts: answer("ECONNREFUSED"),
      says: [
        error(
          "nas refuses connections on port 2049: no NFS server runs there",
          "start it there (systemctl enable --now nfs-server), or name another in the backend's server",
        ),
      ],
    },
    {
      title: "is silent",
      stack: nfs,
      facts: answer("no answer"),
      says: [
        warning(
          "nas can't be reached on port 2049 from here (no answer); the nodes may reach it",
          `let a node try: ${probe}`,
        ),
      ],
    },
    {
      title: "has no address here",
      stack: nfs,
      facts: answer("ENOTFOUND"),
      says: [
        warning(
          "nas can't be reached on port 2049 from here (its name is not known); the nodes may reach it",
          `let a node try: ${probe}`,
        ),
      ],
    },
  ]);
  table("nfs-export", [
    {
      title: "untried",
      stack: nfs,
      says: [unknown("whether nas:/srv/volumes can be mounted shows by a probe pod", probe)],
    },
    {
      title: "mounted",
      stack: nfs,
      facts: {
        nodes: [seen("a", { exports: { "nas:/srv/volumes": "" } }), seen("b", { exports: { "nas:/srv/volumes": "" } })],
      },
      says: [ok("nas:/srv/volumes is mounted on a and b")],
    },
    {
      title: "refused",
      stack: nfs,
      facts: { nodes: [seen("a", { exports: { "nas:/srv/volumes": "mount.nfs: access denied by server" } })] },
      says: [
        error(
          "a can't mount nas:/srv/volumes: mount.nfs: access denied by server",
          "export it to the nodes (/etc/exports, then exportfs -ra), and open port 2049 to them",
        ),
      ],
    },
    {
      title: "a node without a client says nothing",
      stack: nfs,
      facts: { nodes: [seen("a")] },
      says: [unknown("whether nas:/srv/volumes can be mounted shows by a probe pod", probe)],
    },
  ]);
});

describe("preflight of Ceph", () => {
  const filter = stack({ ceph: { type: "rook-ceph", deviceFilter: "^sd[b-z]$", default: true } });
  const named = stack({
    ceph: { type: "rook-ceph", nodes: { a: ["sdb"], b: ["/dev/sdb"], c: ["sdb"] }, default: true },
  });
  const disk = (name: string, raw: boolean) => ({ devices: [{ name, bytes: 1e9, raw }] });
  const wipe = "a disk that was used: wipefs --all DEVICE, which destroys what is on it";
  table("rook-ceph-nodes", [
    {
      title: "three",
      stack: filter,
      facts: { nodes: [node("a"), node("b"), node("c")] },
      says: [ok("3 nodes take pods, enough for 3 copies")],
    },
    {
      title: "two",
      stack: filter,
      facts: { nodes: [node("a"), node("b")] },
      says: [
        error(
          "3 copies of all data need as many nodes, and 2 nodes take pods",
          "add nodes, or choose a backend for fewer: docs/backends",
        ),
      ],
    },
    {
      title: "the named ones",
      stack: named,
      facts: { nodes: [node("a"), node("b"), node("c"), node("d")] },
      says: [ok("3 nodes of those with disks take pods, enough for 3 copies")],
    },
    {
      title: "a named one that takes no pods, and others without disks",
      stack: named,
      facts: { nodes: [node("a"), node("b"), node("c", { unschedulable: true }), node("d")] },
      says: [
        error(
          "3 copies of all data need as many nodes, and 2 nodes of those with disks take pods",
          "add nodes, or choose a backend for fewer: docs/backends",
        ),
      ],
    },
    {
      title: "one that isn't there",
      stack: named,
      facts: { nodes: [node("a"), node("b"), node("d")] },
      says: [error("the cluster has no node c, which backends.ceph.nodes names", 'did you mean "a"?')],
    },
  ]);
  table("rook-ceph-devices", [
    {
      title: "unseen",
      stack: filter,
      facts: { nodes: [node("a"), seen("b")] },
      says: [unknown("which disks of a are raw shows by a probe pod", probe)],
    },
    {
      title: "raw disks everywhere",
      stack: filter,
      facts: { nodes: [seen("a", disk("sdb", true)), seen("b", disk("sdc", true)), seen("c", disk("sdb", true))] },
      says: [ok("a, b and c have raw disks")],
    },
    {
      title: "one in use, one that the filter leaves out",
      stack: filter,
      facts: { nodes: [seen("a", disk("sdb", true)), seen("b", disk("sdb", false)), seen("c", disk("sda", true))] },
      says: [
        error(
          "3 copies need a raw disk on as many nodes, and b and c have none",
          `add a disk without partitions and file system; ${wipe}`,
        ),
      ],
    },
    {
      title: "a pattern of Go's",
      stack: stack({ ceph: { type: "rook-ceph", deviceFilter: "(?i)^sd", default: true } }),
      facts: { nodes: [seen("a", disk("sdb", true))] },
      says: [unknown("which disks match (?i)^sd isn't told here: it is no pattern that JavaScript reads as Go does")],
    },
    {
      title: "the named ones",
      stack: named,
      facts: { nodes: ["a", "b", "c"].map((name) => seen(name, disk("sdb", true))) },
      says: [ok("a, b and c have raw disks")],
    },
    {
      title: "a named one in use",
      stack: named,
      facts: { nodes: [seen("a", disk("sdb", true)), seen("b", disk("sdb", false)), seen("c", disk("sdb", true))] },
      says: [error("/dev/sdb of b is not there or not raw", wipe)],
    },
  ]);
});

describe("preflight of OpenEBS LVM", () => {
  const lvm = stack({ lvm: { type: "openebs-lvm", volumeGroup: "data", default: true } });
  const make = "on the node, with a disk that holds nothing: vgcreate data DEVICE";
  table("openebs-lvm-volume-group", [
    {
      title: "unseen",
      stack: lvm,
      says: [unknown("which nodes have the volume group data shows by a probe pod", probe)],
    },
    {
      title: "everywhere",
      stack: lvm,
      facts: { nodes: [seen("a", { volumeGroups: ["data"] })] },
      says: [ok("every node has the volume group data")],
    },
    {
      title: "on some",
      stack: lvm,
      facts: { nodes: [seen("a", { volumeGroups: ["data"] }), seen("b")] },
      says: [warning("a has the volume group data, b not: no volume is made there", make)],
    },
    {
      title: "nowhere",
      stack: lvm,
      facts: { nodes: [seen("a", { volumeGroups: ["other"] })] },
      says: [error("no node has the volume group data", make)],
    },
  ]);
});

describe("preflight of static volumes", () => {
  const disk = { type: "local-path", path: "/var/mnt/disk", default: true };
  const by = (volume: unknown) =>
    stack(
      { disk, hand: { type: "static", volumes: { "redis-data": volume } } },
      { redis: { size: "2Gi", backend: "hand" } },
    );
  const volume = {
    name: "pv",
    className: "",
    size: "2Gi",
    phase: "Available",
    accessModes: ["ReadWriteOnce"],
    nodes: [],
  };
  const directory = by({ node: "a", path: "/data/redis", size: "2Gi" });
  const at = (existing: string) => ({
    nodes: [seen("a", { paths: { "/data/redis": { existing, capacity: 1, available: 1 } } })],
  });
  table("static-volume", [
    {
      title: "a volume that fits",
      stack: by("pv"),
      facts: { volumes: [volume] },
      says: [ok("each claim has its volume")],
    },
    {
      title: "a volume that is the claim's",
      stack: by("pv"),
      facts: { volumes: [{ ...volume, phase: "Bound", claim: "local-ai-system/redis-data" }] },
      says: [ok("each claim has its volume")],
    },
    {
      title: "no volume",
      stack: by("pv"),
      says: [
        error(
          "there is no PersistentVolume pv, which claim redis-data is to have",
          "make it, or name a directory instead, of which one is made",
        ),
      ],
    },
    {
      title: "somebody else's",
      stack: by("pv"),
      facts: { volumes: [{ ...volume, phase: "Bound", claim: "x/y" }] },
      says: [
        error("PersistentVolume pv is that of claim x/y, not of local-ai-system/redis-data", "name another volume"),
      ],
    },
    {
      title: "released",
      stack: by("pv"),
      facts: { volumes: [{ ...volume, phase: "Released" }] },
      says: [
        error(
          "PersistentVolume pv is released: it is kept for a claim that was deleted",
          `where its data is wanted: kubectl patch pv pv -p '{"spec":{"claimRef":null}}'`,
        ),
      ],
    },
    {
      title: "too small",
      stack: by("pv"),
      facts: { volumes: [{ ...volume, size: "1Gi" }] },
      says: [
        error(
          "PersistentVolume pv has 1Gi, and claim redis-data asks for 2Gi",
          "ask for at most 1Gi in cluster-storage:services.redis.size",
        ),
      ],
    },
    {
      title: "of another mode",
      stack: by("pv"),
      facts: { volumes: [{ ...volume, accessModes: ["ReadOnlyMany"] }] },
      says: [
        error(
          "PersistentVolume pv can do ReadOnlyMany, and claim redis-data asks for ReadWriteOnce",
          "set cluster-storage:services.redis.accessMode",
        ),
      ],
    },
    {
      title: "of a class",
      stack: by("pv"),
      facts: { volumes: [{ ...volume, className: "manual" }] },
      says: [
        error(
          "PersistentVolume pv has class manual, and claim redis-data has none: they are never bound",
          'make the volume with storageClassName: "", or name another',
        ),
      ],
    },
    {
      title: "of a class, and the claim's all the same",
      stack: by("pv"),
      facts: { volumes: [{ ...volume, className: "manual", phase: "Bound", claim: "local-ai-system/redis-data" }] },
      says: [ok("each claim has its volume")],
    },
    {
      title: "a directory of a node that takes no pods",
      stack: directory,
      facts: { nodes: [{ ...at("/data/redis").nodes[0]!, unschedulable: true }] },
      says: [
        warning(
          "a is cordoned, and only there is /data/redis for claim redis-data: its pod would wait",
          "kubectl describe node a",
        ),
      ],
    },
    {
      title: "a directory, unseen",
      stack: directory,
      says: [unknown("whether /data/redis is on a shows by a probe pod", probe)],
    },
    {
      title: "a directory that is there",
      stack: directory,
      facts: at("/data/redis"),
      says: [ok("each claim has its volume")],
    },
    {
      title: "a directory that isn't",
      stack: directory,
      facts: at("/data"),
      says: [
        error(
          "/data/redis is not on a: the pod of claim redis-data would not start",
          "make it on the node: mkdir -p /data/redis",
        ),
      ],
    },
    {
      title: "a directory of a node that is known by another name",
      stack: directory,
      facts: {
        nodes: [
          node("a", { labels: { "kubernetes.io/hostname": "ip-10-0-0-1" } }),
          { ...at("/data/redis").nodes[0]!, name: "b", labels: { "kubernetes.io/hostname": "a" } },
        ],
      },
      says: [ok("each claim has its volume")],
    },
    {
      title: "a node's name where its label is another",
      stack: directory,
      facts: { nodes: [node("a", { labels: { "kubernetes.io/hostname": "ip-10-0-0-1" } })] },
      says: [
        error(
          "the cluster has no node a, which is to have /data/redis for claim redis-data",
          "name one of ip-10-0-0-1",
        ),
      ],
    },
    {
      title: "a directory of no node",
      stack: directory,
      facts: { nodes: [node("b")] },
      says: [error("the cluster has no node a, which is to have /data/redis for claim redis-data", "name one of b")],
    },
  ]);
});
