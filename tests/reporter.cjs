// Mocha's spec reporter, which also writes its counts, what failed and how long each file took to the file named by
// TEST_COUNTS, for tests/run.ts to add up and to say once more at the end.
const { writeFileSync } = require("node:fs");
const { relative } = require("node:path");
const { reporters } = require("mocha");

module.exports = class CountingReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const failed = [];
    const files = {};
    const begun = new Map();
    runner.on("fail", (test, error) => failed.push(`${test.fullTitle()}: ${error.message ?? error}`));
    runner.on("suite", (suite) => begun.set(suite, Date.now()));
    runner.on("suite end", (suite) => {
      if (!suite.parent?.root || !suite.file) return;
      const file = relative(process.cwd(), suite.file);
      files[file] = (files[file] ?? 0) + Date.now() - begun.get(suite);
    });
    runner.once("end", () => {
      const { passes, failures, pending } = runner.stats;
      const counts = { passed: passes, failed: failures, skipped: pending, failures: failed, files };
      if (process.env.TEST_COUNTS) writeFileSync(process.env.TEST_COUNTS, JSON.stringify(counts));
    });
  }
};
