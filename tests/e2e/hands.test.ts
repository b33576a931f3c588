import assert from "node:assert/strict";
import { useCluster } from "./fixture";
import { draw, roundText } from "./hands/draw";
import { Rounds } from "./hands/rounds";

/**
 * The same rounds each time, so that a red one means a change: `npm run test:hands` draws others. The ten draws of this
 * seed are of ten kinds: claim, finalizer, volume, namespace, scale, patch, image, provisioner, cordon, disk.
 */
const draws = Number(process.env.TEST_DRAWS ?? 10);
const seed = Number(process.env.TEST_SEED ?? 95734);

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
