import assert from "node:assert/strict";
import type { ClaimFacts, VolumeFacts } from "../../../model/facts";
import { type DataFacts, leftBeside, troublesOf, troublesOfKept } from "../../../ops/data/troubles";
import { claimFacts, volumeFacts } from "../../facts";
import { redis } from "../status/redis";

const claim = (more: Partial<ClaimFacts> = {}) =>
  claimFacts({ namespace: "cache", name: "redis-data", volume: "pvc-1", ...more });
const volume = (more: Partial<VolumeFacts> = {}) =>
  volumeFacts({
    className: "local-path",
    phase: "Bound",
    claim: "cache/redis-data",
    claimUid: "uid-of-claim",
    ...more,
  });
const look = (
  claims: ClaimFacts[],
  volumes: VolumeFacts[] | undefined,
  pending: [string, string][] = [],
): DataFacts => ({
  claims,
  volumes,
  pending: new Map(pending),
});
const said = (facts: DataFacts) => troublesOf("redis", redis, facts).map(({ why, wayOut }) => `${why}; ${wayOut}`);
const gone = "there is no claim redis-data in namespace cache, and";
const restore =
  "restore the claim and its data from a backup; to begin empty instead, pulumi refresh makes the stack forget the " +
  "claim, and pulumi up makes it anew";

describe("what is wrong with a deployed service's data", () => {
  const cases: [what: string, facts: DataFacts, said: string[]][] = [
    ["nothing", look([claim()], [volume()]), []],
    [
      "its claim is gone, and so is the volume",
      look([], []),
      [`${gone} no volume names it, so its data is gone from the cluster; ${restore}`],
    ],
    [
      "its claim is gone, and volumes may not be listed",
      look([], undefined),
      [`${gone} volumes may not be listed; ${restore}`],
    ],
    [
      "its claim is gone, and its volume waits for the next one",
      look([], [volume({ phase: "Available", claimUid: undefined })]),
      [`${gone} volume pvc-1 waits for it; npm run adopt makes the claim again on it`],
    ],
    [
      "its claim has no volume, for a reason that is known",
      look([claim({ phase: "Pending" })], [], [["cache/redis-data", "nothing makes volumes"]]),
      ["claim redis-data in namespace cache is Pending: nothing makes volumes; npm run preflight says more"],
    ],
    [
      "its claim has no volume, and nobody knows why",
      look([claim({ phase: "Pending" })], []),
      ["claim redis-data in namespace cache is Pending; kubectl -n cache describe pvc redis-data may say why"],
    ],
    [
      "its claim is Lost",
      look([claim({ phase: "Lost" })], []),
      [
        "claim redis-data in namespace cache is Lost: its volume pvc-1 is gone from the cluster; make " +
          "PersistentVolume pvc-1 again for the directory or disk that it had (docs/recovery.md)",
      ],
    ],
  ];
  for (const [what, facts, expected] of cases) it(what, () => assert.deepEqual(said(facts), expected));

  it("is not looked for in what it only keeps, which has its own list", () => {
    const kept = { name: "redis-data-1", size: "1Gi", generation: 1, ephemeral: false };
    const service = { ...redis, claims: [{ ...redis.claims[0]!, kept: [kept] }] };
    const facts = look(
      [claim()],
      [volume(), volume({ name: "pvc-0", claim: "cache/redis-data-1", phase: "Released" })],
    );
    assert.deepEqual(troublesOf("redis", service, facts), []);
    assert.deepEqual(
      troublesOfKept("redis", service, facts).map(({ kind, claim }) => [kind, claim]),
      [["left", "redis-data-1"]],
    );
  });

  it("names volumes that an earlier claim has left beside the one in use", () => {
    const left = volume({ name: "pvc-0", phase: "Released", claimUid: "other" });
    assert.deepEqual(leftBeside(redis, look([claim()], [volume(), left])), [{ claim: "redis-data", volume: left }]);
    assert.deepEqual(leftBeside(redis, look([], [left])), []);
  });
});
