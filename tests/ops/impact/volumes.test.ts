import assert from "node:assert/strict";
import { ratesOf, withDowntime } from "../../../ops/impact/downtime";

import type { VolumeImpact } from "../../../ops/impact/types";
import { notesOf } from "../../../ops/impact/words";
import { claimStep, impactOfSteps, jobStep, urn, type Step, workloadStep } from "./recorded";

const line = (volume: VolumeImpact) =>
  [volume.volume, volume.fate, volume.atRisk ? "at risk" : "safe", notesOf(volume)].filter(Boolean).join(" | ");
const ends = {
  kind: "copy",
  source: { claim: "redis-data", generation: 1, size: "1Gi" },
  target: { claim: "redis-data-2", generation: 2, size: "2Gi" },
  replace: false,
};

const onClaim = [
  { name: "redis-data", persistentVolumeClaim: { claimName: "redis-data" } },
  { name: "scratch-0", emptyDir: { sizeLimit: "1Gi" } },
];
const onNext = [{ name: "redis-data", persistentVolumeClaim: { claimName: "redis-data-2" } }];
const inPod = [
  { name: "redis-data", emptyDir: { sizeLimit: "1Gi" } },
  { name: "scratch-0", emptyDir: { sizeLimit: "1Gi" } },
];

/** What no recording has: steps, and the volumes' lines in the report. */
const cases: Record<string, { steps: Step[]; volumes: string[] }> = {
  "an adopted claim": { steps: [claimStep("import", undefined, {})], volumes: ["cache/redis-data | adopted | safe"] },
  "an adopted claim that nobody protects": {
    steps: [claimStep("import", undefined, { protect: false })],
    volumes: ["cache/redis-data | unprotected | at risk"],
  },
  "a replacement in its three parts": {
    steps: [
      claimStep("delete-replaced", { protect: false }, undefined),
      claimStep(
        "replace",
        { protect: false },
        { class: "fast", protect: false },
        { replaceReasons: ["spec.storageClassName"] },
      ),
      claimStep(
        "create-replacement",
        { protect: false },
        { class: "fast", protect: false },
        { replaceReasons: ["spec.storageClassName"] },
      ),
    ],
    volumes: ["cache/redis-data | replaced | at risk | because of storageClassName"],
  },
  "a claim that was never protected": {
    steps: [claimStep("same", { protect: false }, { protect: false })],
    volumes: ["cache/redis-data | kept | safe | not protected, as before"],
  },
  "a claim that gets protected": {
    steps: [claimStep("same", { protect: false }, {})],
    volumes: ["cache/redis-data | kept | safe"],
  },
  "a claim that is kept when its resource goes": {
    steps: [
      {
        ...claimStep("delete", {}, undefined),
        oldState: { ...claimStep("delete", {}, undefined).oldState!, retainOnDelete: true },
      },
    ],
    volumes: ["cache/redis-data | deleted | at risk | stays in the cluster, and no stack looks after it"],
  },
  "growth told in another unit": {
    steps: [claimStep("update", { size: "1024Mi" }, { size: "1Gi" })],
    volumes: ["cache/redis-data | kept | safe"],
  },
  "growth from a size in plain bytes": {
    steps: [claimStep("update", { size: "1073741824" }, { size: "2Gi" })],
    volumes: ["cache/redis-data | grown | safe"],
  },
  "the same size as one in plain bytes": {
    steps: [claimStep("update", { size: "1073741824" }, { size: "1Gi" })],
    volumes: ["cache/redis-data | kept | safe"],
  },
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
      "cache/redis-data | moved | safe | from redis-data-2, at most 2Gi; down while it is copied; what it " +
        "held since it was left is superseded",
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
        "what it held since it was left is superseded",
    ],
  },
  "a move to a directory that goes with the pod": {
    steps: [
      claimStep("same", {}, {}),
      jobStep({ ...ends, kind: "spill", target: { generation: 2, size: "1Gi" } }),
      workloadStep("update", onClaim, inPod),
    ],
    volumes: [
      "cache/redis redis-data | ephemeral | at risk | from redis-data, at most 1Gi; down while it is copied; " +
        "goes with its pod: the next one begins empty",
      "cache/redis-data | kept | safe | the data goes on in the pod's own directory; stays as it is until it " +
        "is released",
    ],
  },
  "such a directory without the data": {
    steps: [claimStep("same", {}, {}), workloadStep("update", onClaim, inPod)],
    volumes: [
      "cache/redis redis-data | ephemeral | at risk | begins empty: the data stays in the claim that is left; " +
        "goes with its pod: the next one begins empty",
      "cache/redis-data | kept | safe",
    ],
  },
  "such a directory, from the start": {
    steps: [workloadStep("create", undefined, inPod)],
    volumes: ["cache/redis redis-data | ephemeral | safe | goes with its pod: the next one begins empty"],
  },
  "such a directory, as before": {
    steps: [workloadStep("same", inPod, inPod)],
    volumes: ["cache/redis redis-data | ephemeral | safe | goes with its pod: the next one begins empty"],
  },
  "such a directory, and another pod": {
    steps: [
      { ...workloadStep("update", inPod, inPod), detailedDiff: { "spec.template.spec.containers[0].image": {} } },
    ],
    volumes: ["cache/redis redis-data | ephemeral | safe | emptied, because its pod starts anew"],
  },
  "a move out of the pod": {
    steps: [
      claimStep("create", undefined, {}),
      jobStep({ ...ends, kind: "fill", source: { generation: 1 }, target: ends.source }),
    ],
    volumes: ["cache/redis-data | moved | safe | from emptyDir; down while it is copied"],
  },
  "a new claim in the place of another, without its data": {
    steps: [
      claimStep("same", {}, {}),
      claimStep("create", undefined, { name: "redis-data-2" }),
      workloadStep("update", onClaim, onNext),
    ],
    volumes: [
      "cache/redis-data-2 | created | safe | begins empty: the service's data stays in redis-data",
      "cache/redis-data | kept | safe",
    ],
  },
  "a new claim beside another": {
    steps: [
      claimStep("same", {}, {}),
      claimStep("create", undefined, { name: "redis-logs" }),
      workloadStep("update", onClaim, [
        ...onClaim,
        { name: "logs", persistentVolumeClaim: { claimName: "redis-logs" } },
      ]),
    ],
    volumes: ["cache/redis-logs | created | safe", "cache/redis-data | kept | safe"],
  },
  "a move whose target is in no stack's care": {
    steps: [claimStep("create", undefined, { name: "redis-data-2", protect: false }), jobStep(ends)],
    volumes: [
      "cache/redis-data-2 | moved | safe | from redis-data, at most 1Gi; down while it is copied; not protected",
    ],
  },
};

describe("what becomes of a volume", () => {
  for (const [title, { steps, volumes }] of Object.entries(cases)) {
    it(title, () => {
      const impact = impactOfSteps(...steps);
      assert.deepEqual(impact.volumes.map(line), volumes);
      assert.equal(impact.result, volumes.some((each) => each.includes("at risk")) ? "at-risk" : "safe");
    });
  }

  describe("that nobody protects is at risk", () => {
    const step = (op: string, type: string, name: string) => {
      const state = { type, inputs: { metadata: { name } }, protect: false };
      return { op, urn: urn(type, name), oldState: state, ...(op === "delete" ? {} : { newState: state }) };
    };
    const told = (op: string, type: string) => {
      const { result, guarded } = impactOfSteps(
        claimStep("same", { protect: false }, { protect: false }),
        step(op, type, "it"),
      );
      return [result, ...guarded.map(({ resource, fate }) => `${resource} ${fate}`)];
    };
    const [volume, password] = ["kubernetes:core/v1:PersistentVolume", "random:index/randomPassword:RandomPassword"];
    it("where the volume that was made for its claim goes", () => {
      assert.deepEqual(told("replace", volume), ["at-risk", "PersistentVolume it replaced"]);
      assert.deepEqual(told("delete", volume), ["at-risk", "PersistentVolume it deleted"]);
    });
    it("where its password becomes another, and not where that goes with its service", () => {
      assert.deepEqual(told("replace", password), ["at-risk", "RandomPassword it replaced"]);
      assert.deepEqual(told("delete", password), ["safe"]);
    });
  });

  it("is safe where a class is replaced, with what that means for volumes that it made", () => {
    const type = "kubernetes:storage.k8s.io/v1:StorageClass";
    const state = { type, inputs: { metadata: { name: "fast" } } };
    const impact = impactOfSteps({
      op: "replace",
      urn: urn(type, "fast"),
      oldState: state,
      newState: state,
      replaceReasons: ["parameters"],
    });
    assert.deepEqual(
      [impact.result, impact.warnings, impact.rest],
      [
        "safe",
        ["class fast is replaced: volumes that it made before keep its old settings"],
        { replaced: { StorageClass: 1 } },
      ],
    );
  });
});

describe("how long a move takes the service down", () => {
  const moved = (bytes: number, seconds: number) => ({
    metadata: { annotations: { "cluster-storage/moved": JSON.stringify({ bytes, seconds }) } },
  });
  it("goes by the slowest of earlier moves", () => {
    const rates = ratesOf([moved(2 ** 30, 10), moved(2 ** 30, 32), moved(0, 1), { metadata: {} }]);
    assert.deepEqual(rates, [2 ** 30 / 10, 2 ** 25]);
    const [volume] = withDowntime(
      impactOfSteps(claimStep("create", undefined, { name: "redis-data-2" }), jobStep(ends)),
      rates,
    ).volumes;
    assert.equal(
      notesOf(volume!),
      "from redis-data, at most 1Gi; down at most 42 s, at the 32 MiB/s of this cluster's slowest move so far",
    );
  });
  it("is told beside the nodes that it is between, for programs too", () => {
    const move = { ...ends, target: { ...ends.target, node: "b" }, across: { secret: "redis-move", key: "key" } };
    const [volume] = impactOfSteps(claimStep("create", undefined, { name: "redis-data-2" }), jobStep(move)).volumes;
    assert.deepEqual(volume?.move, { from: "redis-data", across: { to: "b" }, atMost: "1Gi" });
  });
  it("may be longer between two nodes, which earlier moves say nothing of", () => {
    const move = { ...ends, target: { ...ends.target, node: "b" }, across: { secret: "redis-move", key: "key" } };
    const [volume] = withDowntime(
      impactOfSteps(claimStep("create", undefined, { name: "redis-data-2" }), jobStep(move)),
      [2 ** 25],
    ).volumes;
    assert.equal(
      notesOf(volume!),
      "from redis-data, over the network to node b, at most 1Gi; down at most 42 s, at the 32 MiB/s of this " +
        "cluster's slowest move so far, and longer where the network between the nodes is slower",
    );
  });
  it("passes over what somebody else wrote on a claim", () => {
    const bearing = (text: string) => ({ metadata: { annotations: { "cluster-storage/moved": text } } });
    assert.deepEqual(ratesOf([bearing("yes"), bearing("null"), bearing("{}"), moved(2 ** 30, 32)]), [2 ** 25]);
  });
  it("is not guessed where there was none", () => {
    const impact = impactOfSteps(claimStep("create", undefined, { name: "redis-data-2" }), jobStep(ends));
    assert.deepEqual(withDowntime(impact, []), impact);
  });
});
