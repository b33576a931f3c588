import assert from "node:assert/strict";
import type { V1PersistentVolumeClaim } from "@kubernetes/client-node";
import type { ClaimPlan } from "../../../model/storage";
import { findClaim } from "../../../ops/move/find";
import { chooseKept, decideRelease, type ReleaseFacts } from "../../../ops/release/decide";
import { describeRelease } from "../../../ops/release/describe";
import { committedStacks, planOf } from "../../stack";

const owner = "cluster-storage/dev";
const redis = (entry: string): ClaimPlan =>
  findClaim(
    "redis",
    planOf(
      committedStacks()
        .get("dev")!
        .replace(/redis: \{[^}]*\}/, `redis: { size: 1Gi, ${entry} }`),
      "dev",
    ).plan,
  );
const moved = redis("generation: 2, kept: [{ generation: 1, size: 1Gi }]");
const back = redis("generation: 1, from: 2, kept: [{ generation: 2, size: 1Gi }]");
const asItWas = redis("generation: 1, kept: [{ generation: 2, size: 1Gi }]");
const twice = redis("generation: 3, kept: [{ generation: 1, size: 1Gi }, { generation: 2, size: 1Gi }]");

const at = "2026-11-22T05:40:00.000Z";
const proof = (from: string) => ({
  "cluster-storage/moved": JSON.stringify({
    from,
    at,
    files: 3,
    bytes: 2048,
    seconds: 1,
    sha256: "0123456789abcdef00",
  }),
});
const left = (to: string) => ({ "cluster-storage/moved-to": JSON.stringify({ to, at }) });
const claimObject = (name: string, annotations: Record<string, string> = {}): V1PersistentVolumeClaim => ({
  metadata: {
    name,
    uid: "u",
    creationTimestamp: new Date("2026-11-19T05:40:00Z"),
    annotations: { "cluster-storage/stack": owner, ...annotations },
  },
  spec: { storageClassName: "local-path", volumeName: "pvc-u" },
  status: { capacity: { storage: "1Gi" } },
});
const on = (name: string, moving?: string) => ({ moving, claims: new Set([name]) });
const facts = (more: Partial<ReleaseFacts>): ReleaseFacts => ({
  claim: claimObject("redis-data"),
  pods: [],
  workload: on("redis-data-2"),
  current: claimObject("redis-data-2", proof("redis-data")),
  ...more,
});

describe("the volume that is meant", () => {
  it("is the only one kept", () => assert.equal(chooseKept("redis", moved, undefined).name, "redis-data"));
  it("is the one named", () => assert.equal(chooseKept("redis", twice, 2).name, "redis-data-2"));
  const refusals: [string, ClaimPlan, number | undefined, string][] = [
    ["none is kept", redis("generation: 1"), undefined, "redis has no kept volume: there is nothing to release"],
    [
      "several are",
      twice,
      undefined,
      "redis has several kept volumes; name one with --generation: 1 (redis-data), 2 (redis-data-2)",
    ],
    [
      "the one in use is named",
      twice,
      3,
      "generation 3 of redis is the one in use: it can't be released; kept: 1 (redis-data), 2 (redis-data-2)",
    ],
    ["one that isn't there is named", twice, 7, "redis keeps no generation 7; kept: 1 (redis-data), 2 (redis-data-2)"],
  ];
  for (const [title, claim, generation, message] of refusals) {
    it(`is not clear where ${title}`, () =>
      assert.throws(() => chooseKept("redis", claim, generation), { name: "UserError", message }));
  }
});

describe("what proves that the data is elsewhere", () => {
  it("is the check of the copy to the volume in use", () => {
    const found = decideRelease("redis", moved, chooseKept("redis", moved), owner, facts({}));
    assert.deepEqual([found?.to, found?.at.toISOString(), found?.copied?.files], ["redis-data-2", at, 3]);
  });
  it("is, for an older one, what its own move left on it", () => {
    const given = facts({
      claim: claimObject("redis-data", left("redis-data-2")),
      workload: on("redis-data-3"),
      current: claimObject("redis-data-3", proof("redis-data-2")),
    });
    assert.deepEqual(decideRelease("redis", twice, chooseKept("redis", twice, 1), owner, given), {
      to: "redis-data-2",
      at: new Date(at),
    });
  });
  it("is missing for what a return as it was left behind", () => {
    const given = facts({
      claim: claimObject("redis-data-2", proof("redis-data")),
      workload: on("redis-data"),
      current: claimObject("redis-data"),
    });
    assert.equal(decideRelease("redis", asItWas, chooseKept("redis", asItWas), owner, given), undefined);
  });
  it("is no note from before where the volume in use was begun empty: the earlier one was in use since", () => {
    const empty = redis("generation: 2, from: none, kept: [{ generation: 1, size: 1Gi }]");
    const given = facts({
      claim: claimObject("redis-data", left("redis-data-2")),
      current: claimObject("redis-data-2", proof("redis-data")),
    });
    assert.equal(decideRelease("redis", empty, chooseKept("redis", empty), owner, given), undefined);
  });
  it("is the copy back after a return with the newest data", () => {
    const given = facts({
      claim: claimObject("redis-data-2"),
      workload: on("redis-data"),
      current: claimObject("redis-data", proof("redis-data-2")),
    });
    assert.equal(decideRelease("redis", back, chooseKept("redis", back), owner, given)?.to, "redis-data");
  });
  it("is not needed twice: a release that was cut off goes on", () => {
    assert.equal(
      decideRelease("redis", moved, chooseKept("redis", moved), owner, facts({ claim: undefined }))?.to,
      "redis-data-2",
    );
  });
});

describe("a release that is refused", () => {
  const unproven =
    "nothing says that the data of redis-data was copied to redis-data-2 and checked, so redis may still need " +
    "it: nothing was deleted";
  const cases: [string, Partial<ReleaseFacts>, string][] = [
    ["in use by a pod", { pods: ["pod redis-1"] }, "redis-data is in use by pod redis-1: nothing was deleted"],
    [
      "another stack's",
      { claim: claimObject("redis-data", { "cluster-storage/stack": "cluster-storage/prod" }) },
      "claim redis-data isn't of this stack but of cluster-storage/prod: nothing was deleted",
    ],
    [
      "a move that has not begun",
      { workload: on("redis-data") },
      "the last move of redis isn't finished, it is still on redis-data: nothing was deleted",
    ],
    [
      "a move under way",
      { workload: on("redis-data-2", "redis-data-1-to-2") },
      "redis-data-1-to-2 is under way: nothing was deleted",
    ],
    ["no word of a check", { current: claimObject("redis-data-2") }, unproven],
    ["a check of another copy", { current: claimObject("redis-data-2", proof("other")) }, unproven],
    [
      "a check that can't be read",
      { current: claimObject("redis-data-2", { "cluster-storage/moved": "{" }) },
      unproven,
    ],
  ];
  for (const [title, more, message] of cases) {
    it(title, () =>
      assert.throws(() => decideRelease("redis", moved, chooseKept("redis", moved), owner, facts(more)), {
        name: "UserError",
        message,
      }),
    );
  }
});

describe("what a release shows", () => {
  const volume = {
    metadata: { name: "pvc-u", annotations: { "pv.kubernetes.io/provisioned-by": "x" } },
    spec: {
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [
            { matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: ["node-1"] }] },
          ],
        },
      },
    },
  };
  const now = new Date("2026-11-22T06:40:00Z");
  const shown = (given: ReleaseFacts, proven = true) => {
    const kept = chooseKept("redis", moved);
    return describeRelease(
      moved,
      kept,
      given,
      proven ? decideRelease("redis", moved, kept, owner, given) : undefined,
      now,
    ).split("\n");
  };
  it("is the volume, and when and how its copy was checked", () => {
    assert.deepEqual(shown(facts({ volume })), [
      "  claim   redis-data in namespace local-ai-system, generation 1; in use is redis-data-2",
      "  size    1Gi, class local-path, 3d old",
      "  volume  pvc-u on node-1",
      "  data    copied to redis-data-2, checked, 2026-11-22 05:40 UTC: 3 files, 2.0 KiB, every checksum the " +
        "same (SHA-256 over all 0123456789abcdef…)",
    ]);
  });
  it("says that a volume made by hand stays, and that nothing proves a copy", () => {
    const lines = shown(facts({ volume: { ...volume, metadata: { name: "by-hand" } } }), false);
    assert.equal(lines[2], "  volume  by-hand on node-1; it was made by hand, so it stays, Released, with its data");
    assert.equal(lines[3], "  data    NOT known to be anywhere else: what is only there is gone");
  });
  it("says that it finishes what was cut off", () =>
    assert.equal(shown(facts({ claim: undefined }))[1], "  state   the claim is gone: what is left of it is finished"));
});
