import assert from "node:assert/strict";
import type { ClaimFacts, VolumeFacts } from "../../model/facts";
import { volumeFacts } from "../facts";
import { claim, redis, said } from "./guard-fixture";

const id = "local-ai-system/redis-data";
const which = "claim redis-data in namespace local-ai-system";
const backup = "bring the data back from a backup, or say that it may";
const there = (more: Partial<ClaimFacts> = {}) => claim({ volume: "pvc-2", created: "2026-11-02T00:00:00Z", ...more });
const volume = (more: Partial<VolumeFacts> = {}) =>
  volumeFacts({
    name: "pvc-2",
    className: "local-path",
    phase: "Bound",
    claim: id,
    claimUid: "uid-of-claim",
    created: "2026-11-02T00:00:01Z",
    ...more,
  });

describe("a claim that the stack had at its last update", () => {
  const table: [what: string, uid: string | undefined, ClaimFacts[], VolumeFacts[], faults: string[]][] = [
    ["is as it was", "uid-of-claim", [there()], [volume()], []],
    ["was not there yet", undefined, [], [], []],
    ["was not known, as an older version knew none", undefined, [there()], [volume()], []],
    [
      "is gone, with nothing left",
      "uid-before",
      [],
      [],
      [
        `services.redis: ${which} is gone from the cluster, and no volume names it any more, so its data is not ` +
          `there; ${backup} begin empty: npm run recover -- --begin-empty redis`,
      ],
    ],
    [
      "was made anew, with a new volume",
      "uid-before",
      [there()],
      [volume()],
      [
        `services.redis: ${which} was made anew since the last update, with volume pvc-2: what the claim before it ` +
          `held is not there; ${backup} stay as it is now: npm run recover -- --begin-empty redis`,
      ],
    ],
    [
      "was made anew, and waits for its volume",
      "uid-before",
      [there({ volume: undefined, phase: "Pending" })],
      [],
      [
        `services.redis: ${which} was made anew since the last update; ${backup} stay as it is now: npm run recover ` +
          "-- --begin-empty redis",
      ],
    ],
    [
      "was brought back on the volume that it had",
      "uid-before",
      [there()],
      [volume({ created: "2026-10-01T00:00:00Z" })],
      [],
    ],
  ];
  for (const [what, uid, claims, volumes, faults] of table)
    it(what, () => {
      const known: Record<string, string> = uid === undefined ? {} : { [id]: uid };
      assert.deepEqual(said(redis, claims, { volumes, known }).faults, faults);
    });

  it("is not asked for by an adoption, which looks at every claim itself", () =>
    assert.deepEqual(said(redis, [], { known: { [id]: "uid-before" }, adopting: true }).faults, []));

  it("stays this stack's own when its mark is taken, and the way to put it back is said", () => {
    const found = said(redis, [there({ stack: undefined })], { volumes: [volume()], known: { [id]: "uid-of-claim" } });
    assert.deepEqual(found, {
      faults: [],
      warnings: [
        `services.redis: ${which} has lost this stack's mark (its annotations); pulumi refresh and then pulumi up ` +
          "put it back",
      ],
    });
  });

  it("belongs to this stack's earlier name when it bears another mark, said once for all claims", () => {
    const known = { [id]: "uid-of-claim" };
    const claims = [there({ stack: "cluster-storage/old" })];
    const message = (which: string, mark: string, from: string) =>
      `services: ${which} is this stack's by its uid and bears the mark of stack ${mark}; if this stack was renamed ` +
      `from that one (pulumi stack rename): npm run recover -- --renamed-from ${from} --stack test takes over what ` +
      "bears the old name, and changes no data; if both stacks exist, only one of them may have the claim";
    assert.deepEqual(said(redis, claims, { volumes: [volume()], known }), {
      faults: [message(which, "cluster-storage/old", "old")],
      warnings: [],
    });
    const two = [there({ stack: "shop/old" }), there({ name: "more", stack: "shop/old" })];
    const both = { ...known, "local-ai-system/more": "uid-of-claim" };
    assert.deepEqual(said(redis, two, { volumes: [volume()], known: both }).faults, [
      message(`${which} (and 1 more)`, "shop/old", "shop/old"),
    ]);
    assert.deepEqual(said(redis, claims, { volumes: [volume()], known, adopting: true }).faults, []);
  });

  it("is somebody else's when it isn't the one that was known", () => {
    const known = { [id]: "uid-of-claim" };
    const [other] = said(redis, [there({ stack: "cluster-storage/other", uid: "new" })], {
      volumes: [volume()],
      known,
    }).faults;
    assert.match(other!, /belongs to stack cluster-storage\/other; give this service's claim another name/);
    const [stranger] = said(redis, [there({ stack: undefined, uid: "new" })], { volumes: [volume()], known }).faults;
    assert.match(stranger!, /belongs to no stack; take it over with npm run adopt/);
  });
});
