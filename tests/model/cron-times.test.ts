import assert from "node:assert/strict";
import { lastRun, overdueSince } from "../../model/cron-times";

// A Wednesday.
const at = "2026-03-04T05:06:30Z";

describe("the last run of a schedule", () => {
  for (const [schedule, run] of [
    ["0 2 * * *", "2026-03-04T02:00"],
    ["0 * * * *", "2026-03-04T05:00"],
    ["6 5 * * *", "2026-03-04T05:06"],
    ["7 5 * * *", "2026-03-03T05:07"],
    ["*/15 * * * *", "2026-03-04T05:00"],
    ["5/20 4 * * *", "2026-03-04T04:45"],
    ["0 1-3,22 * * *", "2026-03-04T03:00"],
    ["30 2 1 * *", "2026-03-01T02:30"],
    ["0 3 * * sun", "2026-03-01T03:00"],
    ["0 3 * FEB *", "2026-02-28T03:00"],
    ["0 3 29 2 *", "2024-02-29T03:00"],
    ["0 3 1 * 2", "2026-03-03T03:00"],
    ["0 3 */31 * 2", "2026-03-03T03:00"],
    ["0 3 31 2 *", undefined],
    ["daily", undefined],
  ] as const)
    it(`${schedule} was at ${run ?? "no time"}`, () =>
      assert.equal(lastRun(schedule, new Date(at))?.toISOString().slice(0, 16), run));
});

describe("an overdue point", () => {
  const since = (schedule: string, newest: string) =>
    overdueSince(schedule, new Date(newest), new Date(at))?.toISOString();

  it("is missing since the run that should have made it", () => {
    assert.equal(since("0 2 * * *", "2026-03-03T02:04:00Z"), "2026-03-04T02:00:00.000Z");
    assert.equal(since("0 2 * * *", "2026-03-04T02:04:00Z"), undefined);
  });

  it("is none yet where the run may still be going on", () => {
    assert.equal(since("0 4 * * *", "2026-03-03T04:04:00Z"), undefined);
    assert.equal(since("0 3 * * *", "2026-03-03T03:04:00Z"), "2026-03-04T03:00:00.000Z");
  });

  it("is a service's without any point once its claim is older than the run", () => {
    assert.equal(since("0 2 * * *", "2026-03-04T04:00:00Z"), undefined);
    assert.equal(since("31 2 31 2 *", "2020-01-01T00:00:00Z"), undefined);
  });
});
