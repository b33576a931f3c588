import assert from "node:assert/strict";
import { consoleProgress } from "../../local-cluster/progress";

describe("progress", () => {
  const lines: string[] = [];
  let time = 0;
  const progress = () => {
    lines.length = 0;
    time = 0;
    return consoleProgress({ write: (line) => lines.push(line), now: () => time, interval: 5 });
  };
  const wait = (milliseconds: number) => new Promise((later) => setTimeout(later, milliseconds));

  it("frames a step with the time since the start and its own", async () => {
    const { step, info } = progress();
    time = 12_000;
    const result = await step("building", async () => {
      time = 340_000;
      return 7;
    });
    info("all there");
    assert.equal(result, 7);
    assert.deepEqual(lines, ["[  12s] building …", "[ 340s] … building: done (328s)", "[ 340s] all there"]);
  });

  it("shows signs of life, with the latest note", async () => {
    await progress().step("building", async (note) => {
      while (lines.length < 2) await wait(1);
      note("half");
      time = 30_000;
      while (lines.length < 3) await wait(1);
    });
    assert.deepEqual(lines.slice(0, 3), [
      "[   0s] building …",
      "[   0s] building: still working (0s)",
      "[  30s] building: half (30s)",
    ]);
  });

  it("says that a step failed, passes the error on, and is silent after it", async () => {
    await assert.rejects(
      progress().step("building", () => Promise.reject(new Error("no room"))),
      /^Error: no room$/,
    );
    const count = lines.length;
    await wait(20);
    assert.deepEqual(lines.slice(0, count), ["[   0s] building …", "[   0s] … building: failed (0s)"]);
    assert.equal(lines.length, count);
  });
});
