import assert from "node:assert/strict";
import type { ListedPoint } from "../../../model/backup";
import { choosePoint, newerThan, ownerOf } from "../../../ops/restore/choose";
import { listedPoint } from "../listed-point";

const point = (id: string, at: string, more: Partial<ListedPoint> = {}) => listedPoint({ id, at, ...more });
const points = [
  point("aaaaaaaa", "2026-03-01T02:00:00Z"),
  point("bbbbbbbb", "2026-03-02T02:00:00Z"),
  point("bbbbbbcc", "2026-03-03T02:00:00Z", { shrunk: true }),
  point("cccccccc", "2026-03-02T02:00:00Z", { service: "postgres" }),
  point("dddddddd", "2026-03-04T02:00:00Z", { stack: "project/prod" }),
];
const stack = "project/dev";
const chosen = (at?: string, of?: string) =>
  choosePoint(points, { service: "redis", stack, ...(at && { at }), ...(of && { of }) }).id.slice(0, 8);

describe("the point that is restored", () => {
  for (const [at, id] of [
    [undefined, "bbbbbbbb"],
    ["aaaaaa", "aaaaaaaa"],
    ["2026-03-01", "aaaaaaaa"],
    ["2026-03-02 02:00", "bbbbbbbb"],
    ["2026-03-02T03:59+02:00", "aaaaaaaa"],
    ["2026-03-02 02:00:01 UTC", "bbbbbbbb"],
    ["2026-03-03", "bbbbbbcc"],
  ] as const)
    it(`is ${id} for ${at ?? "no word of it"}`, () => assert.equal(chosen(at), id));

  it("is another service's where that is said", () => {
    assert.equal(chosen(undefined, "postgres"), "cccccccc");
    assert.equal(chosen("dddddddd", "project/prod/redis"), "dddddddd");
  });

  it("is the newest all the same where every one has less than half", () =>
    assert.equal(choosePoint(points.slice(2, 3), { service: "redis", stack }).id.slice(0, 8), "bbbbbbcc"));

  it("is one that is incomplete only by its id", () => {
    const cut = [...points, point("ffffffff", "2026-03-05T02:00:00Z", { incomplete: true })];
    const chosen = (at?: string) => choosePoint(cut, { service: "redis", stack, ...(at && { at }) }).id.slice(0, 8);
    assert.deepEqual([chosen(), chosen("2026-03-06"), chosen("ffffff")], ["bbbbbbbb", "bbbbbbcc", "ffffffff"]);
    assert.throws(() => choosePoint(cut.slice(-1), { service: "redis", stack }), {
      message: "the repository has no whole point of project/dev/redis; it has points of project/dev/redis",
    });
  });

  it("has newer ones, which a person is told of", () =>
    assert.deepEqual(
      newerThan(points, points[0]!).map(({ id }) => id.slice(0, 8)),
      ["bbbbbbcc", "bbbbbbbb"],
    ));

  for (const [at, of, message] of [
    ["bbbbbb", undefined, "2 points begin with bbbbbb; write more of the id"],
    [
      "dddddddd",
      undefined,
      "point dddddddd is of project/prod/redis, and not of project/dev/redis; to restore it all the same, say so: " +
        "--of project/prod/redis",
    ],
    [
      "eeeeeeee",
      undefined,
      'there is no point "eeeeeeee" of redis; npm run restore -- redis --list shows those that there are. A time is ' +
        "written as 2026-03-02T02:00Z",
    ],
    [
      "2026-02-01",
      undefined,
      "there is no point of redis from 2026-02-01 23:59 UTC or before; the oldest is from 2026-03-01 02:00 UTC",
    ],
    [
      undefined,
      "qdrant",
      "the repository has no point of project/dev/qdrant; it has points of project/dev/postgres, project/dev/redis, " +
        "project/prod/redis",
    ],
  ] as const)
    it(`is none for ${at ?? of}: ${message}`, () =>
      assert.throws(() => chosen(at, of), { name: "UserError", message }));

  it("is nobody's where its owner isn't named as one", () =>
    assert.throws(() => ownerOf({ service: "redis", stack, of: "prod/redis" }), {
      name: "UserError",
      message: '--of "prod/redis" is no service; write SERVICE, or PROJECT/STACK/SERVICE for another stack\'s',
    }));

  it("is none where the repository has none", () =>
    assert.throws(() => choosePoint([], { service: "redis", stack }), {
      message: "the repository has no point of project/dev/redis; it has points of nothing",
    }));
});
