import { claimStep, jobStep } from "./recorded";
import { ends, type VolumeCase, checkVolumes } from "./moved";

const cases: Record<string, VolumeCase> = {
  "a move that was done earlier": {
    steps: [
      claimStep("same", {}, {}),
      claimStep("same", { name: "redis-data-2" }, { name: "redis-data-2" }),
      jobStep(ends, "same"),
    ],
    volumes: ["cache/redis-data | kept | safe", "cache/redis-data-2 | kept | safe"],
  },
  "a move from one node to another": {
    steps: [
      claimStep("same", {}, {}),
      claimStep("create", undefined, { name: "redis-data-2" }),
      jobStep({
        ...ends,
        source: { ...ends.source, node: "a" },
        target: { ...ends.target, node: "b" },
        across: { secret: "redis-move", key: "key" },
      }),
    ],
    volumes: [
      "cache/redis-data-2 | moved | safe | from redis-data, over the network from node a to node b, at most " +
        "1Gi; down while it is copied",
      "cache/redis-data | kept | safe | the data goes on in redis-data-2; stays as it is until it is released",
    ],
  },
  "a move to a node, from one that the config doesn't name": {
    steps: [
      claimStep("create", undefined, { name: "redis-data-2" }),
      jobStep({ ...ends, target: { ...ends.target, node: "b" }, across: { secret: "redis-move", key: "key" } }),
    ],
    volumes: [
      "cache/redis-data-2 | moved | safe | from redis-data, over the network to node b, at most 1Gi; down " +
        "while it is copied",
    ],
  },
  "a move to another disk of the same node": {
    steps: [
      claimStep("create", undefined, { name: "redis-data-2" }),
      jobStep({ ...ends, source: { ...ends.source, node: "b" }, target: { ...ends.target, node: "b" } }),
    ],
    volumes: ["cache/redis-data-2 | moved | safe | from redis-data, at most 1Gi; down while it is copied"],
  },
  "a return with the newest data": {
    steps: [
      claimStep("same", {}, {}),
      claimStep("same", { name: "redis-data-2" }, { name: "redis-data-2" }),
      jobStep({ ...ends, source: ends.target, target: ends.source, replace: true }),
    ],
    volumes: [
      "cache/redis-data | moved | safe | from redis-data-2, at most 2Gi; down while it is copied; what was " +
        "written to it since the data left is replaced by the newer data",
      "cache/redis-data-2 | kept | safe | the data goes on in redis-data; stays as it is until it is released",
    ],
  },
  "a return to a claim that nobody protects any more": {
    steps: [
      claimStep("same", {}, { protect: false }),
      jobStep({ ...ends, source: ends.target, target: ends.source, replace: true }),
    ],
    volumes: [
      "cache/redis-data | unprotected | at risk | from redis-data-2, at most 2Gi; down while it is copied; " +
        "what was written to it since the data left is replaced by the newer data",
    ],
  },
  "a move out of the pod": {
    steps: [
      claimStep("create", undefined, {}),
      jobStep({ ...ends, kind: "fill", source: { generation: 1 }, target: ends.source }),
    ],
    volumes: ["cache/redis-data | moved | safe | from emptyDir; down while it is copied"],
  },
  "a move whose target is in no stack's care": {
    steps: [claimStep("create", undefined, { name: "redis-data-2", protect: false }), jobStep(ends)],
    volumes: [
      "cache/redis-data-2 | moved | safe | from redis-data, at most 1Gi; down while it is copied; not protected",
    ],
  },
};

describe("what becomes of a volume that moves", () => checkVolumes(cases));
