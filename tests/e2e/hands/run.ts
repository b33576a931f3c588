import { UserError } from "../../../model/user-error";
import { readArguments } from "../../../ops/terminal/args";
import { main } from "../../../ops/terminal/main";
import { noLocalCluster } from "../../local-cluster";
import { removeCluster, startCluster } from "../fixture";
import { draw, roundText, type Round } from "./draw";
import { Rounds } from "./rounds";

/**
 * `npm run test:hands [-- --draws N --seed N --only WORDS,…]`: a line a command; the last say how many acknowledged
 * records a command of ours has lost, and how many reports were green beside lost data.
 */
async function run(argv: string[]): Promise<number> {
  const { options } = readArguments(argv, { draws: "N", seed: "N", only: "WORDS" });
  const [draws, seed] = [
    number("draws", options.draws ?? "20"),
    number("seed", options.seed ?? String(Date.now() % 1_000_000)),
  ];
  const drawn = draw(draws, seed, options.only);
  const reason = noLocalCluster();
  if (reason) throw new UserError(reason);
  const only = options.only ? ` --only "${options.only}"` : "";
  tell(
    `${draws} hands on a running stack; the same again: npm run test:hands -- --draws ${draws} --seed ${seed}${only}`,
  );
  try {
    return await runAll(drawn, new Rounds(await startCluster(), (line) => tell(`  ${line}`)));
  } finally {
    await removeCluster();
  }
}

async function runAll(drawn: Round[], rounds: Rounds): Promise<number> {
  const [lost, green, failed]: string[][] = [[], [], []];
  for (const [i, round] of drawn.entries()) {
    tell(`${i + 1}/${drawn.length} ${roundText(round)}`);
    try {
      const found = await rounds.run(round);
      lost!.push(...found.lost);
      green!.push(...found.green);
      const wrong = [...found.lost.map((what) => `LOST ${what}`), ...found.green.map((what) => `GREEN ${what}`)];
      if (wrong.length > 0) tell([...wrong, ...found.log].join("\n"));
    } catch (error) {
      failed!.push(roundText(round));
      tell(`FAILED ${(error as Error).stack}`);
    }
  }
  await rounds.end();
  tell(`rounds that didn't end well: ${failed!.length}`);
  tell(`acknowledged records lost by a command of ours: ${[lost!.length, ...lost!].join("; ")}`);
  tell(`green reports beside lost data: ${[green!.length, ...green!].join("; ")}`);
  return lost!.length + green!.length + failed!.length === 0 ? 0 : 1;
}

function tell(line: string): void {
  process.stdout.write(`${line}\n`);
}

function number(name: string, text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new UserError(`--${name} ${text}: has to be a whole number above 0`);
}

void main(run);
