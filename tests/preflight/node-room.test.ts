import { volumeFacts } from "../facts";
import { error, node, ok, stack, table, unread } from "./cluster";
import { claim } from "./general-fixtures";

const large = (resources: object, more: object = {}) =>
  stack(undefined, { redis: { size: "2Gi", namespace: "cache", resources, ...more } });
const small = node("small", { allocatable: { cpu: "2", memory: "4Gi" } });
const wide = node("wide", { allocatable: { cpu: "8", memory: "2Gi" }, labels: { "kubernetes.io/hostname": "w" } });
const cpu = large({ requests: { cpu: "64" } });
const tooMuch = error(
  "redis asks for cpu 64, and no node that its pod can go to has as much: small (cpu 2) and wide (cpu 8)",
  "lower cluster-storage:services.redis.resources.requests.cpu, or add a node that has as much",
);

describe("preflight of what pods ask for", () => {
  table("node-room", [
    { title: "every pod fits", facts: { nodes: [small] }, says: [ok("every service's pod fits on a node")] },
    { title: "more than any node has", stack: cpu, facts: { nodes: [small, wide] }, says: [tooMuch] },
    {
      title: "more than any one node has of both",
      stack: large({ requests: { cpu: "4", memory: "3Gi" }, limits: { memory: "3Gi" } }),
      facts: { nodes: [small, wide] },
      says: [
        error(
          "redis asks for cpu 4 and memory 3Gi, and no node that its pod can go to has as much: " +
            "small (cpu 2, memory 4Gi) and wide (cpu 8, memory 2Gi)",
          "lower cluster-storage:services.redis.resources.requests.cpu and " +
            "cluster-storage:services.redis.resources.requests.memory, or add a node that has as much",
        ),
      ],
    },
    {
      title: "more than the node of its volume has",
      stack: large({ requests: { cpu: "4" } }),
      facts: {
        nodes: [small, wide],
        claims: [{ ...claim("redis-data"), volume: "pvc-1" }],
        volumes: [volumeFacts({ tiedTo: ["small"] })],
      },
      says: [
        error(
          "redis asks for cpu 4, and no node that its pod can go to has as much: small (cpu 2)",
          "lower cluster-storage:services.redis.resources.requests.cpu, or add a node that has as much",
        ),
      ],
    },
    {
      title: "as much as the node of its volume has, which it names by its label",
      stack: large({ requests: { cpu: "4" } }),
      facts: {
        nodes: [small, wide],
        claims: [{ ...claim("redis-data"), volume: "pvc-1" }],
        volumes: [volumeFacts({ tiedTo: ["w"] })],
      },
      says: [ok("every service's pod fits on a node")],
    },
    {
      title: "a service that doesn't run",
      stack: large({ requests: { cpu: "64" } }, { run: false }),
      facts: { nodes: [small] },
      says: [ok("every service's pod fits on a node")],
    },
    {
      title: "nodes that say nothing of it",
      stack: cpu,
      facts: { nodes: [node("a")] },
      says: [ok("every service's pod fits on a node")],
    },
    {
      title: "no node that takes pods",
      stack: cpu,
      facts: { nodes: [{ ...small, unschedulable: true }] },
      says: [ok("every service's pod fits on a node")],
    },
    { title: "no right to list nodes", facts: { nodes: undefined }, says: [unread("nodes")] },
  ]);
});
