// @ts-check
// What a copy pod runs: `node copy.mjs measure` or `node copy.mjs copy`, told by the environment variable COPY.
import { writeFileSync } from "node:fs";
import { copy, measure } from "./copying.mjs";
import { faultOf } from "./faults.mjs";

/** @import { Outcome } from "../model/mover.js" */

/** @returns {Promise<Outcome>} */
async function outcome() {
  try {
    const task = JSON.parse(process.env.COPY ?? "");
    return { result: process.argv[2] === "measure" ? await measure(task) : await copy(task) };
  } catch (error) {
    return faultOf(error);
  }
}

// As the first process of its container it would ignore what ends any other.
process.on("SIGTERM", () => process.exit(143));

const ended = await outcome();
const text = JSON.stringify(ended);
process.stdout.write(`${text}\n`);
writeFileSync(process.env.OUTCOME ?? "/dev/termination-log", text.slice(0, 4000));
process.exitCode = "error" in ended ? (ended.transient ? 1 : 3) : 0;
