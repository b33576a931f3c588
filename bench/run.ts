import { consoleProgress, type Progress } from "../local-cluster/progress";
import { readArguments } from "../ops/terminal/args";
import { UserError } from "../model/user-error";
import { main } from "../ops/terminal/main";
import { didYouMean } from "../model/nearest";
import { measureBackups } from "./backup";
import { measureClaims } from "./claims";
import { measureFirstUp } from "./first-up";
import { measureImpact } from "./impact";
import { measureMove } from "./move";
import { measurePreview } from "./preview";
import { resultTable, type Result } from "./result";
import { measureCold, measureDevRoom, measureRealRoom } from "./room";
import { measureStart } from "./start";

const benchmarks: Record<string, (progress: Progress) => Promise<Result[]>> = {
  preview: measurePreview,
  impact: measureImpact,
  "first-up": measureFirstUp,
  claims: measureClaims,
  move: measureMove,
  backup: measureBackups,
  start: measureStart,
};

/** These take minutes, want the whole machine, and only run by name. */
const byName: typeof benchmarks = { cold: measureCold, room: measureDevRoom, "room-real": measureRealRoom };

/**
 * `npm run bench [-- NAME …] [--json]` runs all comparisons or the named ones, each paired with its peer in one run.
 * Exit code 1 when a bound is missed.
 */
async function run(argv: string[]): Promise<number> {
  const { options, operands } = readArguments(argv, { json: true }, "NAME");
  const names = operands.length > 0 ? operands : Object.keys(benchmarks);
  const all = { ...benchmarks, ...byName };
  const unknown = names.find((name) => !Object.hasOwn(all, name));
  if (unknown !== undefined) throw new UserError(`no comparison "${unknown}"${didYouMean(unknown, Object.keys(all))}`);
  const progress = consoleProgress();
  const results: Result[] = [];
  for (const name of names) results.push(...(await all[name]!(progress)));
  process.stdout.write(`${options.json ? JSON.stringify(results, undefined, 2) : resultTable(results)}\n`);
  return results.every(({ met }) => met) ? 0 : 1;
}

void main(run);
