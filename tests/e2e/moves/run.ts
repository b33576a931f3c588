import { join } from "node:path";
import { deleteInstance } from "../../../local-cluster/instance/instance";
import { instanceDir } from "../../../local-cluster/paths";
import { consoleProgress } from "../../../local-cluster/progress";
import { readArguments } from "../../../ops/terminal/args";
import { UserError } from "../../../model/user-error";
import { main } from "../../../ops/terminal/main";
import { prepareLocal } from "../../../ops/start/local";
import { assertUnused, noLocalCluster } from "../../local-cluster";
import { draw, type Case } from "./draw";
import { Series } from "./series";

const instance = `${process.env.TEST_INSTANCE ?? "test"}-moves`;
/** TEST_KEEP leaves the instance to the next run, for those who work on these tests. */
const keep = Boolean(process.env.TEST_KEEP);
const progress = consoleProgress();

/**
 * `npm run test:moves [-- --kills N --seed N]`: a line a case; the last says how many acknowledged writes were lost.
 */
async function run(argv: string[]): Promise<number> {
  const { options } = readArguments(argv, { kills: "N", seed: "N" });
  const [kills, seed] = [
    number("kills", options.kills ?? "20"),
    number("seed", options.seed ?? String(Date.now() % 1_000_000)),
  ];
  const reason = noLocalCluster();
  if (reason) throw new UserError(reason);
  assertUnused(instance);
  process.stdout.write(
    `${kills} moves with a kill in each; the same again: npm run test:moves -- --kills ${kills} --seed ${seed}\n`,
  );
  if (!keep) await deleteInstance(instance, progress);
  try {
    const { target, overrides } = await prepareLocal(progress, instance, false);
    const volumes = join(instanceDir(instance), "volumes");
    return await runAll(
      draw(kills, seed),
      (cases) => new Series({ target, overrides, kube: target.connect(), volumes }, cases),
    );
  } finally {
    if (!keep) await deleteInstance(instance, progress);
  }
}

async function runAll(cases: Case[], make: (cases: Case[]) => Series): Promise<number> {
  const series = make(cases);
  await series.begin();
  const lost = new Map<string, number>();
  let failed = 0;
  for (const [i, drawn] of cases.entries()) {
    try {
      const ended = await series.run(drawn);
      lost.set(drawn.subject, ended.lost.length);
      process.stdout.write(`${i + 1}/${cases.length} ${ended.line}\n`);
    } catch (error) {
      failed++;
      process.stdout.write(`${i + 1}/${cases.length} FAILED ${JSON.stringify(drawn)}: ${(error as Error).message}\n`);
      break; // What comes after stands on it.
    }
  }
  const changed = failed > 0 ? [] : await series.changedVolumes();
  await series.end();
  process.stdout.write(`old volumes changed: ${changed.length > 0 ? changed.join(", ") : "none"}\n`);
  const all = [...lost.values()].reduce((sum, count) => sum + count, 0);
  process.stdout.write(`acknowledged writes lost: ${all}\n`);
  return all === 0 && failed === 0 && changed.length === 0 ? 0 : 1;
}

function number(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new UserError(`--${name} ${text}: has to be a whole number above 0`);
}

void main(run);
