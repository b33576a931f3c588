import assert from "node:assert/strict";
import { useCluster } from "../fixture";
import { draw } from "./draw";
import { Ground } from "./ground";
import { runRound } from "./round";
import { removeStack } from "../state";

/** TEST_DRAWS: any number by hand. */
const draws = Number(process.env.TEST_DRAWS ?? 10);
const seed = Number(process.env.TEST_SEED ?? Date.now() % 1_000_000);

describe(`hands on a running stack between our commands (TEST_SEED=${seed} TEST_DRAWS=${draws} draws the same)`, () => {
  const cluster = useCluster();
  let ground: Ground;
  let mended = true;

  before("services with records, on a disk of their own", async function () {
    this.timeout(900_000);
    await removeStack(cluster());
    ground = await Ground.make(cluster());
  });
  after(async function () {
    this.timeout(300_000);
    await ground?.remove();
    await removeStack(cluster());
  });

  draw(draws, seed).forEach((round) => {
    it(`somebody ${round.hand.name} of ${round.store.name}; then ${round.commands.join(", ")}`, async () => {
      assert.ok(mended, "not run: an earlier round left the stack as it was");
      mended = false;
      const { lost, green, log } = await runRound(ground, round);
      mended = true;
      assert.deepEqual({ lost, green }, { lost: [], green: [] }, log.join("\n"));
    });
  });
});
