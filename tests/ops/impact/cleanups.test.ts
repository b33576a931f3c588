import assert from "node:assert/strict";
import { cleanupArgs } from "../../../model/cleanup";
import { changesOf } from "../../../ops/impact/changes";
import { shorterCleanups } from "../../../ops/impact/cleanups";
import { countingPod, whyNotLook } from "../../../ops/impact/count-files";
import { impactText } from "../../../ops/impact/print";
import type { CleanupFound } from "../../../ops/impact/types";
import { claimFacts } from "../../facts";
import { claimStep, impactOfSteps, type Step, urn } from "./recorded";

const type = "kubernetes:batch/v1:CronJob";
const found: CleanupFound = { files: 40, bytes: 10 * 2 ** 20, oldFiles: 12, oldBytes: 3.5 * 2 ** 20 };

/** The step of redis-data's clean-up; without days there is no clean-up, before or after. */
function cronStep(op: string, before: number | undefined, after: number | undefined, args = cleanupArgs): Step {
  const state = (days: number) => {
    const containers = [{ name: "cleanup", args: args("remove", "/files", days) }];
    const volumes = [{ name: "files", persistentVolumeClaim: { claimName: "redis-data" } }];
    const template = { spec: { containers, volumes } };
    const metadata = { name: "redis-cleanup", namespace: "cache" };
    return { type, inputs: { metadata, spec: { schedule: "0 3 * * *", jobTemplate: { spec: { template } } } } };
  };
  return {
    op,
    urn: urn(type, "redis-cleanup"),
    ...(before !== undefined && { oldState: state(before) }),
    ...(after !== undefined && { newState: state(after) }),
  };
}

/** The headline, and the volume's line. */
function said(steps: Step[], counted?: CleanupFound | string): string[] {
  const impact = impactOfSteps(...steps);
  const volumes = impact.volumes.map((volume) =>
    volume.cleanup ? { ...volume, cleanup: { ...volume.cleanup, found: counted } } : volume,
  );
  const [head = "", , , row = ""] = impactText({ ...impact, volumes }).split("\n");
  return [head, row.replace(/ {2,}/g, "  ")];
}

describe("the impact of a clean-up", () => {
  const kept = claimStep("same", {}, {});
  const atRisk = 'stack "rec": DATA AT RISK: cache/redis-data cleaned';
  const safe = 'stack "rec": no data is lost or left unprotected';

  it("is at risk where it is new, with what would go", () => {
    assert.deepEqual(said([kept, cronStep("create", undefined, 30)], found), [
      atRisk,
      "cache/redis-data  ! cleaned  1Gi  local-path  old files go from it after 30 days from now on (at 0 3 * * *): " +
        "now 12 of 40 files would go, 3.5 MiB of 10.0 MiB",
    ]);
  });
  it("is at risk where its days get fewer", () => {
    assert.deepEqual(said([kept, cronStep("update", 30, 1)], found), [
      atRisk,
      "cache/redis-data  ! cleaned  1Gi  local-path  old files go from it after 1 day instead of 30 (at 0 3 * * *): " +
        "now 12 of 40 files would go, 3.5 MiB of 10.0 MiB",
    ]);
  });
  it("says where nothing could be counted", () => {
    const [, row] = said([kept, cronStep("update", 30, 7)], "claim redis-data is Pending");
    assert.equal(
      row,
      "cache/redis-data  ! cleaned  1Gi  local-path  old files go from it after 7 days instead of 30 (at 0 3 * * *): " +
        "how many would go was not counted, because claim redis-data is Pending",
    );
  });
  it("is at risk where the job before was another program's", () => {
    const before = { ...cronStep("update", 30, 30), oldState: cronStep("same", 30, 30, () => ["find"]).oldState };
    assert.equal(said([kept, before])[0], atRisk);
  });
  for (const [title, steps] of Object.entries({
    "its days stay": [kept, cronStep("update", 30, 30)],
    "its days get more": [kept, cronStep("update", 7, 30)],
    "it goes": [kept, cronStep("delete", 7, undefined)],
    "its claim begins empty": [claimStep("create", undefined, {}), cronStep("create", undefined, 30)],
  }))
    it(`is safe where ${title}`, () => assert.equal(said(steps)[0], safe));
  it("leaves the word to what is worse", () => {
    const [head] = said([claimStep("same", {}, { protect: false }), cronStep("create", undefined, 30)]);
    assert.equal(head, 'stack "rec": DATA AT RISK: cache/redis-data unprotected');
  });
});

describe("what counts a clean-up's files", () => {
  const spec = {
    securityContext: { runAsUser: 1000, runAsGroup: 1000, fsGroup: 1000, fsGroupChangePolicy: "OnRootMismatch" },
    containers: [
      { name: "cleanup", args: ["remove", "/files", "30"], volumeMounts: [{ name: "files", mountPath: "/files" }] },
    ],
    volumes: [{ name: "files", persistentVolumeClaim: { claimName: "redis-data" } }],
  };
  const [cleanup] = shorterCleanups(changesOf([cronStep("create", undefined, 30)]));

  it("is a pod that can write nothing, on the node where the claim is in use", () => {
    assert.deepEqual(countingPod(spec, "redis-data-2", 30, "a").spec, {
      securityContext: { runAsUser: 1000, runAsGroup: 1000 },
      nodeName: "a",
      activeDeadlineSeconds: 120,
      terminationGracePeriodSeconds: 0,
      containers: [
        {
          name: "cleanup",
          args: ["count", "/files", "30"],
          volumeMounts: [{ name: "files", mountPath: "/files", readOnly: true }],
        },
      ],
      volumes: [{ name: "files", persistentVolumeClaim: { claimName: "redis-data-2" } }],
    });
    assert.equal(cleanup?.claim, "cache/redis-data");
  });
  it("starts on no claim that is not Bound or is being deleted", () => {
    assert.equal(whyNotLook("a", claimFacts({ name: "a" })), undefined);
    assert.equal(whyNotLook("a", undefined), "claim a is not in the cluster");
    assert.equal(whyNotLook("a", claimFacts({ name: "a", deleting: true })), "claim a is being deleted");
    assert.equal(whyNotLook("a", claimFacts({ name: "a", phase: "Pending" })), "claim a is Pending");
  });
});
