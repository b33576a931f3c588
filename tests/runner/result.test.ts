import assert from "node:assert/strict";
import { summary } from "./result";

const counts = { passed: 1, failed: 0, skipped: 0 };

describe("the end of a test run", () => {
  it("says how long each suite and the slowest files took, what failed, and last the sum", () => {
    const unit = { label: "unit", lane: 1, seconds: 65.9, counts: { ...counts, files: { "a.test.ts": 4_000 } } };
    const files = { "quick.test.ts": 6_000, "slow.test.ts": 3_601_000 };
    const failed = { passed: 3, failed: 1, skipped: 2, failures: ["it: broke"], files };
    assert.equal(
      summary([unit, { label: "e2e", lane: 2, seconds: 3_607, counts: failed }]),
      `
How long it took:
  1 min 05 s  unit (lane 1)
 60 min 07 s  e2e (lane 2)

The slowest files:
 60 min 01 s  e2e: slow.test.ts
  0 min 06 s  e2e: quick.test.ts

What failed:
e2e: it: broke

4 passed, 1 failed, 2 skipped
`,
    );
  });

  it("says what ended it, and nothing of files, failures or skipped tests where there are none", () => {
    assert.equal(
      summary([{ label: "unit", lane: 1, seconds: 0, counts }], "SIGINT ended the run."),
      "\nHow long it took:\n  0 min 00 s  unit (lane 1)\n\nSIGINT ended the run.\n\n1 passed, 0 failed\n",
    );
  });
});
