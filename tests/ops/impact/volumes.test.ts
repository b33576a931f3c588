import assert from "node:assert/strict";
import { claimStep, impactOfSteps, jobStep, urn, workloadStep } from "./recorded";
import { ends, type VolumeCase, checkVolumes } from "./moved";

const onClaim = [
  { name: "redis-data", persistentVolumeClaim: { claimName: "redis-data" } },
  { name: "scratch-0", emptyDir: { sizeLimit: "1Gi" } },
];

const onNext = [{ name: "redis-data", persistentVolumeClaim: { claimName: "redis-data-2" } }];

const inPod = [
  { name: "redis-data", emptyDir: { sizeLimit: "1Gi" } },
  { name: "scratch-0", emptyDir: { sizeLimit: "1Gi" } },
];

const cases: Record<string, VolumeCase> = {
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
};

describe("what becomes of a volume", () => {
  checkVolumes(cases);

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
