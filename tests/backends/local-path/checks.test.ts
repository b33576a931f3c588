import { error, node, ok, stack, table, unknown } from "../../preflight/cluster";
import { probe } from "../nodes";
import { backend, Gi, measured, onDiskOf, path, probed, shared, talosImage, used } from "./disks";

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
    "mount a disk there, or allow it with cluster-storage:backends.disk.sharedDisk: true",
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
          `it is not known whether ${path} is a mount of its own on a and b, until ` +
            "a volume there is in use or a probe pod looks",
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
      title: "the probe saw the disk of k0s' kubelet, which isn't in the usual place",
      facts: { nodes: [onDiskOf("/var/lib/k0s", "v1.36.1+k0s.0")] },
      says: [onRoot],
    },
    {
      title: "the probe saw that disk where the kubelet isn't k0s'",
      facts: { nodes: [onDiskOf("/var/lib/k0s", "v1.36.1")] },
      says: [own],
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
        unknown(
          `it is not known whether ${path} can be written to on a, until a volume is made there or a probe pod looks`,
          probe,
        ),
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
});
