import { useBackedUp } from "../backed-up";
import { drawKills, killText } from "./draw";
import { KilledRestores } from "./rounds";

/** TEST_KILLS and TEST_SEED: more of them, or others. */
const kills = Number(process.env.TEST_KILLS ?? 20);
const seed = Number(process.env.TEST_SEED ?? Date.now() % 1_000_000);

describe(`npm run restore, killed (TEST_SEED=${seed} TEST_KILLS=${kills} draws the same)`, () => {
  const rounds = new KilledRestores(useBackedUp());

  before("a point, and one restore that nobody kills", async function () {
    this.timeout(600_000);
    await rounds.begin();
  });

  drawKills(kills, seed).forEach((kill, i) => {
    it(`leaves the service its data, and goes on (${i + 1} of ${kills}: ${killText(kill)})`, async function () {
      this.timeout(600_000);
      await rounds.run(kill);
    });
  });
});
