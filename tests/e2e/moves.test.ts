import assert from "node:assert/strict";
import { useCluster } from "./fixture";
import { draw } from "./moves/draw";
import { Series } from "./moves/series";
import { removeStack } from "./state";

/** TEST_KILLS: `npm run test:moves` is the long run. */
const kills = Number(process.env.TEST_KILLS ?? 5);
const seed = Number(process.env.TEST_SEED ?? Date.now() % 1_000_000);
const cases = draw(kills, seed);

describe(`moves under load that are killed (TEST_SEED=${seed} for the same moments)`, () => {
  const cluster = useCluster();
  let series: Series;

  before("services with writers", async function () {
    this.timeout(900_000);
    await removeStack(cluster());
    series = new Series(cluster(), cases);
    await series.begin();
  });
  after(async function () {
    this.timeout(300_000);
    await series?.end();
    await removeStack(cluster());
  });

  cases.forEach((drawn) => {
    it(
      `${drawn.subject} ${drawn.direction}, with ${drawn.victim} killed in "${drawn.step}": nothing ` +
        "acknowledged is lost",
      async () => {
        const { line, lost, acknowledged } = await series.run(drawn);
        assert.deepEqual(lost, [], line);
        assert.ok(acknowledged > 10, line);
      },
    );
  });

  it("leave the volumes that their services left as they were, byte for byte", async () =>
    assert.deepEqual(await series.changedVolumes(), []));

  it("leave no rights of theirs behind", async () => {
    const { items } = await cluster().kube.objects.list("rbac.authorization.k8s.io/v1", "RoleBinding");
    assert.deepEqual(
      items.flatMap(({ metadata }) => metadata?.name ?? []).filter((name) => name.includes("-move")),
      [],
    );
  });
});
