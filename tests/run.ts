import { runSuites } from "./runner/run";
import { suites } from "./suites";

/** `tests/run.ts [SUITE,… [mocha options]]` */
runSuites(suites, process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error) => {
    process.stderr.write(`${error instanceof RangeError ? error.message : error.stack}\n`);
    process.exitCode = 1;
  },
);
