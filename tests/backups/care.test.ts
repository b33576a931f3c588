import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { drilledAnnotation } from "../../model/backup";
import { claim } from "../mover/fills";
import { careTask, useCare } from "./care-ground";
import { homePod, lease } from "./ground";

describe("the care of a repository, with the real restic", () => {
  const scene = useCare();
  const { care, point, pointsOf, ids, cared, previews, events, restic } = scene;
  const notes = () => scene.cluster.get(lease).metadata.annotations as Record<string, string>;
  const packs = () => readdirSync(join(scene.root, "repository/data"), { recursive: true }).length;
  const all = (...keep: object[]) => ({
    ...careTask,
    services: keep.map((each, i) => ({ ...careTask.services[0]!, service: ["redis", "qdrant"][i]!, ...each })),
  });

  beforeEach(() => scene.madeAt());

  it("forgets what the policy gives up, of all generations together, and removes its data", async () => {
    const [, , third, fourth] = [
      point(4),
      point(3),
      point(2, { tags: ["generation:2"] }),
      point(1, { tags: ["generation:2"] }),
    ];
    const before = packs();
    assert.deepEqual(await care(), { code: 0 });
    assert.deepEqual(ids(), [third, fourth]);
    assert.ok(packs() < before, `${packs()} of ${before}`);
    restic("check", "--read-data");
    const { at, ...rest } = cared();
    const { at: read, ...checked } = rest.checked!;
    assert.ok(Date.parse(at) > 0 && Date.parse(read) > 0);
    assert.deepEqual({ ...rest, checked }, { forgotten: 2, waits: {}, checked: { part: 1, of: 7 } });
    assert.deepEqual(events(), [
      "RepositoryCaredFor: cared for the test's repository: forgot 2 points, part 1 of 7 of the data is sound",
    ]);
  });

  it("forgets nothing without a policy, and reads a part of the data all the same", async () => {
    for (const days of [3, 2, 1]) point(days);
    const { keep: _, ...service } = careTask.services[0]!;
    assert.deepEqual(await care("care", { ...careTask, services: [service] }), { code: 0 });
    assert.equal(ids().length, 3);
    assert.equal(cared().checked?.part, 1);
  });

  it("leaves the points of others: another stack's, another service's, and a person's own", async () => {
    const others = [
      point(9, { owner: "project/prod" }),
      point(8, { service: "redis-2" }),
      point(7, { host: "laptop" }),
    ];
    const [, second, third] = [point(3), point(2), point(1)];
    assert.deepEqual(await care(), { code: 0 });
    assert.deepEqual(ids().sort(), [...others, second!, third!].sort());
  });

  it("never takes the newest point that a drill has proved", async () => {
    const [, drilled, , last] = [point(9), point(8), point(7), point(6)];
    scene.cluster.annotate(claim("redis-data"), { [drilledAnnotation]: JSON.stringify({ point: drilled }) });
    assert.deepEqual(await care("care", all({ keep: { last: 1 } })), { code: 0 });
    assert.deepEqual(ids(), [drilled, last]);
  });

  it("forgets nothing while the newest point is a shrunk one", async () => {
    const made = [point(3), point(2), point(1), point(0.5, { tags: ["shrunk"] })];
    assert.deepEqual(await care(), { code: 0 });
    assert.deepEqual(ids(), made);
    const why =
      `its newest point ${made[3]!.slice(0, 8)} has less than the ones before, which may be all that is left of ` +
      "the data";
    assert.deepEqual(cared().waits, { redis: why });
    assert.deepEqual(events(), [
      "PointsWait: cared for the test's repository: forgot 0 points, part 1 of 7 of the data is sound. Nothing of " +
        `redis was forgotten: ${why}`,
    ]);
  });

  it("leaves more than ten at once to a person, and forgets of the others", async () => {
    await pointsOf(Array.from({ length: 13 }, (_, i) => 13 - i));
    await pointsOf([3, 2, 1], { service: "qdrant" });
    const task = all({}, {});
    assert.deepEqual(await care("care", task), { code: 0 });
    assert.equal(ids().length, 13 + 2);
    const why = "11 points at once, and over 10 need a person: npm run backup -- --forget redis";
    assert.deepEqual(cared().waits, { redis: why });
    scene.lines = [];
    assert.deepEqual(await care("preview", task), { code: 0 });
    const [redis] = previews();
    const seen = redis!.forget.map(({ id }) => id);
    assert.equal(seen.length, 11);
    assert.deepEqual(await care("forget", task, [...seen, "0".repeat(64)]), { code: 0 });
    assert.equal(ids().length, 4);
    assert.ok(scene.lines.includes("1 of them stay: the repository has changed since they were shown"));
    assert.ok(scene.lines.includes("forgot 11 points"), scene.lines.join("\n"));
  });

  it("forgets nothing where the claim with the last drill can't be read", async () => {
    const made = [point(3), point(2), point(1)];
    scene.cluster.refuse = (method, path) => {
      if (method === "GET" && path === claim("redis-data")) throw [403, "Forbidden", "not for you"];
    };
    const { code, message = "" } = await care();
    assert.equal(code, 3);
    assert.match(message, /not for you/);
    assert.deepEqual(ids(), made);
    assert.match(cared().error ?? "", /not for you/);
  });

  it("goes on with the removal where it was killed between the two, and costs no point", async function () {
    this.timeout(180_000);
    const [, second, third] = [point(3), point(2), point(1)];
    // restic's end and its lock, as a pod leaves them that is killed in the middle of the removal.
    const back = scene.inPlaceOfRestic(
      (real) => `case "$*" in
  *" prune "*)
    ${real} "$@" &
    until ls ${join(scene.root, "repository/locks")} | grep -qx '[0-9a-f]*'; do kill -0 $! || exit 1; sleep 0.02; done
    kill -9 $!
    exit 137 ;;
esac
exec ${real} "$@"`,
    );
    assert.equal((await care("care", careTask, [], hostname())).code, 1);
    assert.equal(readdirSync(join(scene.root, "repository/locks")).length, 1);
    // That lock keeps the data from being read, which is no damage.
    assert.equal(cared().checked?.damage, undefined);
    back();
    assert.deepEqual(ids(), [second, third]);
    assert.equal(notes()["cluster-storage/prune-due"], "true");
    assert.deepEqual(await care("care", careTask, [], "backups-care-2"), { code: 0 });
    assert.equal(notes()["cluster-storage/prune-due"], undefined);
    assert.deepEqual(ids(), [second, third]);
    restic("check", "--read-data");
  });

  it("waits for the pod that uses the repository", async () => {
    for (const days of [3, 2, 1]) point(days);
    scene.cluster.put(homePod("other"), { status: { phase: "Running" } });
    scene.cluster.put(lease, { spec: { holderIdentity: "other" } });
    const running = care();
    while (scene.lines.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(ids().length, 3);
    scene.cluster.setStatus(homePod("other"), { phase: "Failed" });
    assert.deepEqual(await running, { code: 0 });
    assert.equal(ids().length, 2);
  });
});
