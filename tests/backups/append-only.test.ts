import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { careTask, useCare } from "./care-ground";
import { lease } from "./ground";

const program = join(__dirname, "rest-server.ts");
const transpile = join(__dirname, "../transpile.cjs");

describe("the care of a repository that only takes more, with the real restic", () => {
  const scene = useCare();
  const { care, cared, events, ids, pointsOf, restic } = scene;
  const servers: ChildProcess[] = [];
  const task = { ...careTask, services: careTask.services.map((each) => ({ ...each, keep: { daily: "2d" } })) };
  /** A process of its own, because the tests wait for restic without doing anything else. */
  async function serve(...mode: "append-only"[]): Promise<string> {
    const args = ["--require", transpile, program, join(scene.root, "served"), ...mode];
    const server = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
    servers.push(server);
    const [address] = (await once(createInterface({ input: server.stdout }), "line")) as [string];
    return address;
  }
  const refused =
    "the test's repository lets nothing be removed with the login that the care has, so nothing was. Give it one " +
    "that may, as `prune` beside the place in cluster-storage:backups.repository; or, to keep every point, take keep " +
    "out of cluster-storage:backups";

  beforeEach(async () => {
    scene.madeAt(join(scene.root, "served"));
    process.env.RESTIC_REPOSITORY = await serve("append-only");
    await pointsOf([9, 8, 1, 0]);
  });
  afterEach(() => {
    for (const server of servers.splice(0)) server.kill();
  });

  it("forgets nothing with a login that may not, says so once, and leaves the repository as it is", async () => {
    const made = ids();
    assert.deepEqual(await care("care", task), { code: 3, message: refused });
    assert.deepEqual(ids(), made);
    assert.equal(cared().error, refused);
    assert.deepEqual(events(), [`CareFailed: ${refused}`]);
    assert.equal(scene.cluster.get(lease).metadata.annotations["cluster-storage/prune-due"], undefined);
    restic("check", "--read-data");
  });

  it("forgets by the login that may, and a backup goes on by the other", async () => {
    const made = ids();
    const adds = process.env.RESTIC_REPOSITORY;
    process.env.RESTIC_REPOSITORY = await serve();
    assert.deepEqual(await care("care", task), { code: 0 });
    assert.deepEqual(ids(), made.slice(2));
    process.env.RESTIC_REPOSITORY = adds;
    assert.deepEqual(await scene.run(), { code: 0 });
    assert.equal(ids().length, 3);
    restic("check", "--read-data");
  });

  it("can't be made to forget a point by adding others", async () => {
    const made = ids();
    process.env.RESTIC_REPOSITORY = await serve();
    // Thirty by somebody who may add points, each dated now, so that the last is newer than the real ones.
    await pointsOf(Array<number>(30).fill(0));
    assert.deepEqual(await care("preview", task), { code: 0 });
    const gone = scene.previews().flatMap(({ forget }) => forget.map(({ id }) => id));
    assert.ok(!gone.includes(made[2]!), "the point of yesterday");
    // Its own day's newest is the last one added: this is why a short `last` belongs beside `daily`.
    assert.ok(gone.includes(made[3]!));
  });
});
