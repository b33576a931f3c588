import assert from "node:assert/strict";
import type { ClaimPlan } from "../../../model/storage";
import { chooseKept, decideRelease, type ReleaseFacts } from "../../../ops/release/decide";
import { asItWas, at, back, claimWith, facts, left, moved, on, owner, proof, redis, twice } from "./fixtures";

describe("the volume that is meant", () => {
  it("is the only one kept", () => assert.equal(chooseKept("redis", moved, undefined).name, "redis-data"));
  it("is the one named", () => assert.equal(chooseKept("redis", twice, 2).name, "redis-data-2"));
  const refusals: [string, ClaimPlan, number | undefined, string][] = [
    ["none is kept", redis("generation: 1"), undefined, "redis has no kept volume: there is nothing to release"],
    [
      "several are",
      twice,
      undefined,
      "redis has several kept volumes; choose one with --generation: 1 (redis-data), 2 (redis-data-2)",
    ],
    [
      "the one in use is named",
      twice,
      3,
      "generation 3 of redis is in use, so it can't be released; kept: 1 (redis-data), 2 (redis-data-2)",
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
      claim: claimWith("redis-data", { annotations: left("redis-data-2") }),
      workload: on("redis-data-3"),
      current: claimWith("redis-data-3", { annotations: proof("redis-data-2") }),
    });
    assert.deepEqual(decideRelease("redis", twice, chooseKept("redis", twice, 1), owner, given), {
      to: "redis-data-2",
      at: new Date(at),
    });
  });
  it("is missing for what a return as it was left behind", () => {
    const given = facts({
      claim: claimWith("redis-data-2", { annotations: proof("redis-data") }),
      workload: on("redis-data"),
      current: claimWith("redis-data"),
    });
    assert.equal(decideRelease("redis", asItWas, chooseKept("redis", asItWas), owner, given), undefined);
  });
  it("is no note from before where the volume in use was begun empty: the earlier one was in use since", () => {
    const empty = redis("generation: 2, from: none, kept: [{ generation: 1, size: 1Gi }]");
    const given = facts({
      claim: claimWith("redis-data", { annotations: left("redis-data-2") }),
      current: claimWith("redis-data-2", { annotations: proof("redis-data") }),
    });
    assert.equal(decideRelease("redis", empty, chooseKept("redis", empty), owner, given), undefined);
  });
  it("is missing for what a restore left: the volume in use has a point's data", () => {
    const restored = redis("generation: 2, from: { point: a0123456 }, kept: [{ generation: 1, size: 1Gi }]");
    const given = facts({ current: claimWith("redis-data-2", { annotations: proof("point a0123456") }) });
    assert.equal(decideRelease("redis", restored, chooseKept("redis", restored), owner, given), undefined);
  });
  it("is the copy back after a return with the newest data", () => {
    const given = facts({
      claim: claimWith("redis-data-2"),
      workload: on("redis-data"),
      current: claimWith("redis-data", { annotations: proof("redis-data-2") }),
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
    "no record says that the data of redis-data was copied to redis-data-2 and checked, so redis may still need " +
    "it: nothing was deleted";
  const only = (state: string) =>
    `claim redis-data-2, which redis uses, ${state}, so the kept volume may be the only copy: nothing was deleted; ` +
    "npm run status says what helps";
  const cases: [string, Partial<ReleaseFacts>, string][] = [
    ["in use by a pod", { pods: ["pod redis-1"] }, "redis-data is in use by pod redis-1: nothing was deleted"],
    [
      "another stack's",
      { claim: claimWith("redis-data", { stack: "cluster-storage/prod" }) },
      "claim redis-data doesn't have this stack's owner annotation (cluster-storage/stack: cluster-storage/dev); it " +
        "has cluster-storage/prod: nothing was deleted; if cluster-storage/prod was this stack's name: npm run " +
        "recover -- --renamed-from prod --stack dev",
    ],
    [
      "a move that has not begun",
      { workload: on("redis-data") },
      "the last move of redis isn't finished: the service is still on redis-data; nothing was deleted",
    ],
    [
      "a move under way",
      { workload: on("redis-data-2", "redis-data-1-to-2") },
      "the move redis-data-1-to-2 of redis is under way: nothing was deleted",
    ],
    ["a volume in use that is gone", { current: undefined }, only("is not in the cluster")],
    [
      "a volume in use that is being deleted",
      { current: claimWith("redis-data-2", { annotations: proof("redis-data"), deleting: true }) },
      only("is being deleted"),
    ],
    [
      "a volume in use that is Lost",
      { current: claimWith("redis-data-2", { annotations: proof("redis-data"), phase: "Lost" }) },
      only("is Lost"),
    ],
    ["no word of a check", { current: claimWith("redis-data-2") }, unproven],
    ["a check of another copy", { current: claimWith("redis-data-2", { annotations: proof("other") }) }, unproven],
    [
      "a check that can't be read",
      { current: claimWith("redis-data-2", { annotations: { "cluster-storage/moved": "{" } }) },
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
