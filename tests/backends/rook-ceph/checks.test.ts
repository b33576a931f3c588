import { error, node, ok, stack, table, unknown } from "../../preflight/cluster";
import { probe, seen } from "../nodes";

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
      says: [unknown("only a probe pod can tell which disks of a are raw", probe)],
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
      says: [
        unknown(
          "preflight can't tell which disks match (?i)^sd, because " +
            "the pattern is written for Go and can't be read here",
        ),
      ],
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
