import assert from "node:assert/strict";
import { useCluster } from "../fixture";
import { draw, roundText } from "./draw";
import { Rounds } from "./rounds";

/** TEST_DRAWS: any number by hand. */
const draws = Number(process.env.TEST_DRAWS ?? 10);
const seed = Number(process.env.TEST_SEED ?? Date.now() % 1_000_000);

describe(`hands on a running stack between our commands (TEST_SEED=${seed} TEST_DRAWS=${draws} draws the same)`, () => {
  const cluster = useCluster();
  let rounds: Rounds;

  before("services with records, on a disk of their own", async function () {
    this.timeout(900_000);
    rounds = new Rounds(cluster());
    await rounds.begin();
  });
  after(async function () {
    this.timeout(300_000);
    await rounds?.end();
  });

  draw(draws, seed).forEach((round) => {
    it(roundText(round), async function () {
      this.timeout(900_000);
      const { lost, green, log } = await rounds.run(round);
      assert.deepEqual({ lost, green }, { lost: [], green: [] }, log.join("\n"));
    });
  });
});
