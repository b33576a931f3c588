import assert from "node:assert/strict";
import { partToRead, policyOptions, policyText, toForget, type Snapshot, type Whose } from "../../model/retention";

const now = new Date("2026-03-10T04:00:00Z");
const owner = "project/dev";

/** A point of a day in March. `tags` beside those of every point. */
const point = (day: number, tags: string[] = [], more: Partial<Snapshot> = {}): Snapshot => ({
  id: `${String(day).padStart(2, "0")}abcdefgh`,
  time: `2026-03-${String(day).padStart(2, "0")}T02:00:00.123456789Z`,
  hostname: "cluster-storage",
  tags: [`stack:${owner}`, "service:redis", ...tags],
  ...more,
});
const forgotten = (keep: Snapshot[], remove: Snapshot[], more: Partial<Whose> = {}) => {
  const { forget, waits } = toForget({ owner, service: "redis", ...more }, { keep, remove }, now);
  return waits ?? forget.map(({ id }) => Number(id.slice(0, 2)));
};

describe("which points are forgotten", () => {
  it("are those that the policy gives up", () =>
    assert.deepEqual(forgotten([point(8), point(9)], [point(1), point(2)]), [1, 2]));

  it("are none of another stack, another service, or a person", () => {
    const others = [
      point(1, [], { tags: ["stack:project/prod", "service:redis"] }),
      point(2, [], { tags: [`stack:${owner}`, "service:redis-2"] }),
      point(3, [], { hostname: "laptop" }),
      point(4, [], { tags: undefined }),
    ];
    assert.deepEqual(forgotten([point(9)], [...others, point(5)]), [5]);
  });

  it("are not the newest whole one, whatever the policy says", () =>
    assert.deepEqual(forgotten([], [point(1), point(2)]), [1]));

  it("are not the newest whole one before one that could not be sent completely", () => {
    const incomplete = new Set([point(9).id]);
    assert.deepEqual(forgotten([point(9)], [point(1), point(2)], { incomplete }), [1]);
  });

  it("are not the newest that a drill has proved", () =>
    assert.deepEqual(
      forgotten([point(9)], [point(1), point(2), point(3)], { drilled: { point: point(2).id } }),
      [1, 3],
    ));

  it("are not the last whole one before a shrunk or mended one that stays", () => {
    assert.deepEqual(forgotten([point(3, ["shrunk"]), point(9)], [point(1), point(2), point(4)]), [1, 4]);
    assert.deepEqual(forgotten([point(3, ["repaired"]), point(9)], [point(1), point(2), point(4)]), [1, 4]);
    // One that goes needs nobody in its place.
    assert.deepEqual(forgotten([point(9)], [point(1), point(2), point(3, ["shrunk"])]), [1, 2, 3]);
  });

  for (const [what, keep, more, why] of [
    [
      "the newest is a shrunk one",
      [point(8), point(9, ["shrunk"])],
      {},
      "its newest point 09abcdef has less than the ones before, which may be all that is left of the data",
    ],
    [
      "a point is dated in the future",
      [point(9), point(11)],
      {},
      "point 11abcdef is dated 2026-03-11T02:00:00Z, which is still to come, so a clock is wrong; once it is right " +
        "again and that time isn't near: restic forget 11abcdef",
    ],
    [
      "the last drill failed",
      [point(9)],
      { drilled: { point: point(9).id }, drillFailed: true },
      "its last drill failed; npm run drill says why",
    ],
    [
      "nobody can tell which point the last drill has proved",
      [point(9)],
      { drilled: "unreadable" },
      "the note of its last drill on the claim can't be read; npm run drill writes it anew",
    ],
  ] as const)
    it(`are none while ${what}`, () => assert.equal(forgotten([...keep], [point(1)], more), why));

  it("are not held by a clock that is a few minutes ahead", () =>
    assert.deepEqual(forgotten([point(9), point(10, [], { time: "2026-03-10T04:04:00Z" })], [point(1)]), [1]));

  it("wait for a clock that is half an hour ahead", () =>
    assert.match(String(forgotten([point(10, [], { time: "2026-03-10T04:30:00Z" })], [point(1)])), /a clock is wrong/));
});

describe("a policy", () => {
  const keep = { yearly: "5y", last: "2d", hourly: 3, daily: "14d" };
  it("is restic's: numbers, and times before the newest", () =>
    assert.deepEqual(policyOptions(keep), [
      ...["--keep-within", "2d", "--keep-hourly", "3", "--keep-within-daily", "14d", "--keep-within-yearly", "5y"],
    ]));
  it("is shown with the shortest first", () =>
    assert.equal(policyText(keep), "last 2d, hourly 3, daily 14d, yearly 5y"));
});

describe("the part of the data that is read", () => {
  const at = "2026-03-09T04:00:00Z";
  for (const [what, last, expected] of [
    ["the first, to begin with", undefined, { part: 1, of: 7 }],
    ["the next one", { part: 3, of: 7, at }, { part: 4, of: 7 }],
    ["the first again after the last", { part: 7, of: 7, at }, { part: 1, of: 7 }],
    ["the next one too where days were missed", { part: 3, of: 7, at: "2026-01-01T04:00:00Z" }, { part: 4, of: 7 }],
    ["the first of another cycle", { part: 3, of: 5, at }, { part: 1, of: 7 }],
    ["none twice a day", { part: 3, of: 7, at: "2026-03-10T01:00:00Z" }, undefined],
    ["the damaged one until it is mended", { part: 3, of: 7, at, damage: "pack" }, { part: 3, of: 7 }],
  ] as const)
    it(`is ${what}`, () => assert.deepEqual(partToRead(last, 7, now), expected));
});
