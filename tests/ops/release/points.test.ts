import assert from "node:assert/strict";
import type { ListedPoint } from "../../../model/backup";
import { describePoints } from "../../../ops/release/points";
import { listedPoint } from "../listed-point";

const point = (id: string, day: number, generation: string, more: Partial<ListedPoint> = {}) =>
  listedPoint({ id, at: `2026-03-0${day}T02:00:00Z`, generation, ...more });
const kept = { owner: "project/dev", service: "redis", index: 0, generation: 1 };

describe("what a person is told of a kept volume's points", () => {
  const none = "NONE in the repository has what was on generation 1";

  it("is the newest of its generation", () => {
    const points = [point("aaaaaaaa", 1, "1"), point("bbbbbbbb", 3, "2"), point("cccccccc", 2, "1")];
    assert.equal(
      describePoints(points, kept),
      "the newest with generation 1 is cccccccc from 2026-03-02 02:00 UTC (2 in all); what was written to it after " +
        "that is in none",
    );
    assert.match(describePoints(points.slice(0, 1), kept), /aaaaaaaa from 2026-03-01 02:00 UTC; what was written/);
  });

  it("is none of another service, stack or generation, and no incomplete one", () =>
    assert.equal(
      describePoints(
        [
          point("a", 1, "2"),
          point("b", 1, "11"),
          point("c", 1, "1", { service: "qdrant" }),
          point("d", 1, "1", { stack: "project/prod" }),
          point("e", 1, "1", { incomplete: true }),
        ],
        kept,
      ),
      none,
    ));

  it("goes by the volume of several", () => {
    const points = [point("aaaaaaaa", 1, "1+2")];
    assert.equal(describePoints(points, { ...kept, index: 1 }), none);
    assert.match(describePoints(points, kept), /^the newest with generation 1 is aaaaaaaa/);
  });
});
