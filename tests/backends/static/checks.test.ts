import { volumeFacts } from "../../facts";
import { error, node, ok, stack, table, unknown, warning } from "../../preflight/cluster";
import { probe, seen } from "../nodes";

describe("preflight of static volumes", () => {
  const disk = { type: "local-path", path: "/var/mnt/disk", default: true };
  const by = (volume: unknown) =>
    stack(
      { disk, hand: { type: "static", volumes: { "redis-data": volume } } },
      { redis: { size: "2Gi", backend: "hand" } },
    );
  const volume = volumeFacts({ name: "pv", size: "2Gi" });
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
        error("PersistentVolume pv belongs to claim x/y, not to local-ai-system/redis-data", "name another volume"),
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
      says: [unknown("only a probe pod can tell whether /data/redis is on a", probe)],
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
          "node a has the label kubernetes.io/hostname: ip-10-0-0-1, by which volumes name it; write that",
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

  const lies = (encrypted: boolean) => ({ nodes: [seen("a", { encrypted: { "8:1": encrypted } })] });
  table("static-encryption", [
    { title: "a volume that somebody made", stack: by("pv"), says: [] },
    {
      title: "a directory on a plain disk",
      stack: directory,
      facts: lies(false),
      says: [ok("/data/redis on a is not encrypted, and the config doesn't ask for it")],
    },
    {
      title: "a directory on an encrypted disk",
      stack: directory,
      facts: lies(true),
      says: [ok("/data/redis on a is encrypted")],
    },
  ]);
});
