import { execa } from "execa";
import { join } from "node:path";
import type { Progress } from "../local-cluster/progress";
import { checkout } from "../ops/pulumi/project";
import { measureAlone } from "./measure";
import { secondsResult, type Result } from "./result";

/** Seconds that a warm `npm start` may take. */
const bound = 60;
const rounds = 3;

/**
 * Measures `npm start` where everything exists already, the main local cluster included. The warm-up run creates what
 * is missing, and nothing is removed afterwards.
 */
export async function measureStart(progress: Progress): Promise<Result[]> {
  const start = () => execa(process.execPath, [join(checkout, "ops", "run.mjs"), "start"], { cwd: checkout });
  const runs = await progress.step("warm npm start", () => measureAlone(rounds, start, progress.info));
  return [secondsResult("warm npm start", runs, bound)];
}
