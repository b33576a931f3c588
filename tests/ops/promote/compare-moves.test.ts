import { type Case, checkCases } from "./two-files";

const kept1 = "kept: [ { generation: 1, size: 10Gi, class: slow } ]";

const cases: Record<string, Case> = {
  "a move": {
    from: "redis: { size: 2Gi, backend: fast, generation: 2, kept: [{ generation: 1, size: 1Gi, class: local-path }] }",
    to: "redis:\n  size: 10Gi # plenty\n  class: slow\n",
    told: [
      "carried services.redis: moves data: prod keeps its own size, 10Gi, and the volume that it leaves",
      "intent services.redis.size: sizes",
    ],
    after: `redis:\n  size: 10Gi # plenty\n  backend: fast\n  generation: 2\n  ${kept1}\n`,
  },
  "a point that was brought back, which is about this stack's data": {
    from: "redis: { size: 1Gi, generation: 2, from: { point: a0123456 }, kept: [{ generation: 1, size: 1Gi }] }",
    to: "redis: { size: 1Gi }",
    told: ["intent services.redis: a point was brought to a volume there, and each stack has data of its own"],
    after: "redis: { size: 1Gi }",
  },
  "a node, which is each cluster's own": {
    from: "redis: { size: 1Gi, node: kind-1 }",
    to: "redis: { size: 1Gi, node: talos-1 }",
    told: ["intent services.redis.node: each cluster has nodes of its own"],
    after: "redis: { size: 1Gi, node: talos-1 }",
  },
  "a node that the target doesn't name": {
    from: "redis: { size: 1Gi, node: kind-1 }",
    to: "redis: { size: 1Gi }",
    told: ["intent services.redis.node: each cluster has nodes of its own"],
    after: "redis: { size: 1Gi }",
  },
  "a node of a claim among several": {
    from: "taskflow: { storage: { size: 1Gi, node: kind-1 } }",
    to: "taskflow: { storage: { size: 1Gi } }",
    told: ["intent services.taskflow.storage.node: each cluster has nodes of its own"],
    after: "taskflow: { storage: { size: 1Gi } }",
  },
  "a service that the target lacks, on a node here": {
    from: "redis: { size: 1Gi }\nqdrant: { size: 1Gi, node: kind-1 }",
    to: "redis: { size: 1Gi }",
    told: [
      "carried services.qdrant: new there, with the size that it has in the source, and without node, " +
        "which each stack decides for itself",
    ],
    after: "redis: { size: 1Gi }\nqdrant: { size: 1Gi }",
  },
  "a move from node to node, which is about this cluster": {
    from: "redis: { size: 1Gi, node: kind-2, generation: 2, kept: [{ generation: 1, size: 1Gi, node: kind-1 }] }",
    to: "redis: { size: 1Gi }",
    told: [
      "intent services.redis: each cluster has nodes of its own",
      "intent services.redis.node: each cluster has nodes of its own",
    ],
    after: "redis: { size: 1Gi }",
  },
  "a move from node to node, where the target has another backend": {
    from:
      "redis: { size: 1Gi, class: slow, node: kind-2, generation: 2, kept: [{ generation: 1, size: 1Gi, class: " +
      "slow }] }",
    to: "redis: { size: 1Gi, class: replicated }",
    told: [
      "intent services.redis: each cluster has nodes of its own",
      "intent services.redis.class: sizes",
      "intent services.redis.node: each cluster has nodes of its own",
    ],
    after: "redis: { size: 1Gi, class: replicated }",
  },
  "a move from node to node over there": {
    from: "redis: { size: 1Gi }",
    to: "redis: { size: 1Gi, node: talos-2, generation: 2, kept: [{ generation: 1, size: 1Gi }] }",
    moveBack: true,
    told: [
      "intent services.redis: each cluster has nodes of its own",
      "intent services.redis.node: each cluster has nodes of its own",
    ],
    after: "redis: { size: 1Gi, node: talos-2, generation: 2, kept: [{ generation: 1, size: 1Gi }] }",
  },
  "a move to another backend, on a node of its own here and there": {
    from:
      "redis: { size: 1Gi, backend: fast, node: kind-2, generation: 2, kept: [{ generation: 1, size: 1Gi, node: " +
      "kind-1 }] }",
    to: "redis: { size: 1Gi, backend: slow, node: talos-1 }",
    told: ["carried services.redis: moves data: prod keeps its own size, 1Gi, and the volume that it leaves"],
    after:
      "redis: { size: 1Gi, backend: fast, generation: 2, kept: [ { generation: 1, size: 1Gi, backend: slow, " +
      "node: talos-1 } ] }",
  },
  "a return, to the target's own node": {
    from:
      "redis: { size: 1Gi, backend: slow, node: kind-1, from: 2, kept: [{ generation: 2, size: 1Gi, backend: " +
      "fast }] }",
    to:
      "redis: { size: 1Gi, backend: fast, generation: 2, kept: [{ generation: 1, size: 1Gi, backend: slow, " +
      "node: talos-1 }] }",
    moveBack: true,
    told: ["carried services.redis: MOVES DATA BACK: the newest data is copied from generation 2 to 1"],
    after:
      "redis: { size: 1Gi, backend: slow, node: talos-1, generation: 1, from: 2, kept: [ { generation: 2, " +
      "size: 1Gi, backend: fast } ] }",
  },
  "two moves at once": {
    from: "redis: { size: 1Gi, class: third, generation: 3, kept: [{ generation: 2, size: 1Gi }] }",
    to: "redis: { size: 10Gi, class: slow }",
    told: [
      "carried services.redis: moves data: prod keeps its own size, 10Gi, and the volume that it leaves",
      "intent services.redis.size: sizes",
    ],
    after: `redis: { size: 10Gi, class: third, generation: 3, ${kept1} }`,
  },
  "a volume that was released here": {
    from: "redis: { size: 1Gi, class: slow, generation: 2 }",
    to: `redis: { size: 1Gi, class: slow, generation: 2, ${kept1} }`,
    told: [
      "left services.redis: prod still keeps a volume that was released in the source; " +
        "npm run release deletes it there",
    ],
    after: `redis: { size: 1Gi, class: slow, generation: 2, ${kept1} }`,
  },
  "a return, not asked for": {
    from: "redis: { size: 10Gi, class: slow }",
    to: `redis: { size: 10Gi, class: fast, generation: 2, ${kept1} }`,
    told: [
      "left services.redis: prod stays on generation 2; with --move-back its data would move back: " +
        "the newest data is copied from generation 2 to 1",
      "intent services.redis.class: sizes",
    ],
    after: `redis: { size: 10Gi, class: fast, generation: 2, ${kept1} }`,
  },
  "a return": {
    from: "redis: { size: 10Gi, class: slow }",
    to: `redis: { size: 10Gi, class: fast, generation: 2, ${kept1} }`,
    moveBack: true,
    told: ["carried services.redis: MOVES DATA BACK: the newest data is copied from generation 2 to 1"],
    after:
      "redis: { size: 10Gi, class: slow, generation: 1, from: 2, kept: [ { generation: 2, size: 10Gi, class: " +
      "fast } ] }",
  },
  "a return to what was released": {
    from: "redis: { size: 10Gi, class: slow }",
    to: "redis: { size: 10Gi, class: slow, generation: 2 }",
    moveBack: true,
    told: ["left services.redis: prod has released generation 1, so it can't go back to it"],
    after: "redis: { size: 10Gi, class: slow, generation: 2 }",
  },
};

describe("what a promotion carries over of a move", () => checkCases(cases));
