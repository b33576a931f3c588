import assert from "node:assert/strict";
import type { Cared } from "../../../model/care";
import { careLines } from "../../../ops/status/care";

const now = new Date("2026-03-10T09:00:00Z");
const lines = (more: Partial<Cared>, forgets = true) =>
  careLines(JSON.stringify({ at: "2026-03-10T04:00:00Z", forgotten: 3, waits: {}, ...more }), forgets, now);
const checked = { part: 2, of: 7, at: "2026-03-10T04:00:00Z" };

describe("what the status says of the repository's care", () => {
  it("is when it was, what it forgot, and which part of the data was sound", () =>
    assert.deepEqual(lines({ checked }), [
      "the backups' repository was cared for 5h ago: forgot 3 points, part 2 of 7 of its data was sound",
    ]));

  it("is that nothing is ever forgotten where nobody has said what stays", () => {
    const rule = "; all points are kept, because the stack file has no keep";
    assert.deepEqual(lines({ forgotten: 0 }, false), [
      `the backups' repository was cared for 5h ago: forgot 0 points${rule}`,
    ]);
    assert.deepEqual(careLines(undefined, false, now), [`the backups' repository was not cared for yet${rule}`]);
  });

  it("is damage with the command that repairs it, what failed, and what waits for whom", () =>
    assert.deepEqual(
      lines({ forgotten: 1, checked: { ...checked, damage: "pack 1" }, error: "no room", waits: { redis: "a clock" } }),
      [
        "the backups' repository was cared for 5h ago: forgot 1 point",
        "  it is damaged: pack 1",
        "    npm run backup -- --repair keeps what can be kept",
        "  the last run failed: no room",
        "  nothing of redis is forgotten: a clock",
      ],
    ));

  it("is not broken by a note that somebody has made unreadable", () =>
    assert.deepEqual(careLines("{", true, now), ["the backups' repository was not cared for yet"]));
});
