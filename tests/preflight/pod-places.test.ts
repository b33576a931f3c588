import { volumeFacts } from "../facts";
import { error, node, ok, stack, table, unread, warning } from "./cluster";
import { claim } from "./general-fixtures";

const redis = (more: object) => stack(undefined, { redis: { size: "2Gi", namespace: "cache", ...more } });
const fast = redis({ nodeSelector: { disk: "fast" } });
const taints = [{ key: "dedicated", value: "storage", effect: "NoSchedule" }];
const fits = ok("a node fits each service's nodeSelector and affinity");
const wayOut =
  "change services.redis.nodeSelector or services.redis.affinity, tolerate the taint in " +
  "services.redis.tolerations, or kubectl label node NODE KEY=VALUE";
const bound = {
  claims: [{ ...claim("redis-data"), volume: "pvc-1" }],
  volumes: [volumeFacts({ tiedTo: ["a"] })],
};
const away = (why: string, cure: string) =>
  warning(
    `the pod of redis could not start again: node a ${why}, and the data is there`,
    `${cure}; until then an update that would replace such a pod is refused`,
  );
const labelled = node("b", { labels: { disk: "fast" } });

describe("preflight of where pods may go", () => {
  table("pod-places", [
    { title: "nothing is asked", facts: { nodes: [node("a", { taints })] }, says: [fits] },
    { title: "a node fits", stack: fast, facts: { nodes: [node("a"), labelled] }, says: [fits] },
    {
      title: "none fits",
      stack: fast,
      facts: { nodes: [node("a"), node("c", { labels: { disk: "slow" } })] },
      says: [
        error(
          "no node takes the pod of redis: node a has no label disk=fast and node c has disk=slow, not disk=fast",
          wayOut,
        ),
      ],
    },
    {
      title: "the one that fits has a taint",
      stack: fast,
      facts: { nodes: [node("a"), { ...labelled, taints }] },
      says: [error("no node takes the pod of redis: node b has the taint dedicated", wayOut)],
    },
    {
      title: "which the service tolerates",
      stack: redis({ nodeSelector: { disk: "fast" }, tolerations: [{ key: "dedicated", operator: "Exists" }] }),
      facts: { nodes: [node("a"), { ...labelled, taints }] },
      says: [fits],
    },
    {
      title: "its volume is on one that doesn't",
      stack: fast,
      facts: { ...bound, nodes: [node("a"), labelled] },
      says: [error("no node takes the pod of redis: node a has no label disk=fast", wayOut)],
    },
    {
      title: "its volume is on one that is cordoned",
      stack: redis({}),
      facts: { ...bound, nodes: [node("a", { unschedulable: true }), node("b")] },
      says: [away("is cordoned", "kubectl uncordon a")],
    },
    {
      title: "its volume is on one that is cordoned, which fits its nodeSelector as another node does",
      stack: fast,
      facts: { ...bound, nodes: [node("a", { labels: { disk: "fast" }, unschedulable: true }), labelled] },
      says: [away("is cordoned", "kubectl uncordon a")],
    },
    {
      title: "its volume is on one that isn't ready",
      stack: redis({}),
      facts: { ...bound, nodes: [node("a", { conditions: { Ready: "Unknown" } }), node("b")] },
      says: [away("is not ready", "see what it lacks: kubectl describe node a")],
    },
    {
      title: "its volume is on one with a taint",
      stack: redis({}),
      facts: { ...bound, nodes: [node("a", { taints }), node("b")] },
      says: [away("has the taint dedicated", "kubectl taint nodes a dedicated-, or tolerate the taint")],
    },
    {
      title: "its volume is on one with a taint that it tolerates",
      stack: redis({ tolerations: [{ key: "dedicated", operator: "Exists" }] }),
      facts: { ...bound, nodes: [node("a", { taints }), node("b")] },
      says: [fits],
    },
    {
      title: "it has no pod",
      stack: redis({ run: false }),
      facts: { ...bound, nodes: [node("a", { unschedulable: true }), node("b")] },
      says: [fits],
    },
    {
      title: "its volume can be reached from another one too",
      stack: redis({}),
      facts: {
        claims: bound.claims,
        volumes: [volumeFacts({ tiedTo: ["a", "b"] })],
        nodes: [node("a", { unschedulable: true }), node("b"), node("c")],
      },
      says: [fits],
    },
    {
      title: "one that has no volume of the stack is cordoned",
      stack: redis({}),
      facts: { ...bound, nodes: [node("a"), node("b", { unschedulable: true })] },
      says: [fits],
    },
    { title: "no right to list nodes", facts: { nodes: undefined }, says: [unread("nodes")] },
  ]);

  table("local-path-nodes", [
    {
      title: "only tainted nodes, which no service tolerates",
      facts: { nodes: [node("a", { taints })] },
      says: [
        error(
          "no node that takes pods has a path for volumes",
          "give such a node one in cluster-storage:backends.disk.nodes, or all nodes one in .path",
        ),
      ],
    },
    {
      title: "which a service tolerates",
      stack: redis({ tolerations: [{ key: "dedicated", operator: "Exists" }] }),
      facts: { nodes: [node("a", { taints })] },
      says: [ok("1 node that takes pods has a path for volumes")],
    },
  ]);

  table("cluster-nodes", [
    {
      title: "the only node has a taint that the services tolerate",
      stack: redis({ tolerations: [{ key: "dedicated", operator: "Exists" }] }),
      facts: { nodes: [node("a", { taints })] },
      says: [ok("the one node takes pods")],
    },
  ]);
});
