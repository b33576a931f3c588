import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writtenBy } from "../../model/engine-version";
import { catalogue } from "../../services/catalogue";
import { claim } from "../mover/fills";
import { task } from "./ground";
import { aRestore, target, useRestores } from "./restore-ground";

describe("a point that doesn't fit, with the real restic", () => {
  const scene = useRestores();
  const { run, point, restore, refused } = scene;
  const short = (id: string) => id.slice(0, 8);

  beforeEach(async () => {
    await run("init");
  });

  it("refuses another service's point, and takes it where it is named", async () => {
    const { code } = await run("make", "p", { ...task, owner: "project/prod" });
    assert.equal(code, 0);
    const id = scene.points().at(-1)!.id as string;
    const expected =
      `point ${short(id)} is of project/prod/redis, and not of project/dev/redis; to restore it all the same, say ` +
      `so: npm run restore -- redis --at ${short(id)} --of project/prod/redis`;
    assert.equal(await refused(id, expected), 3);
    assert.deepEqual(await restore(aRestore(id, { of: "project/prod/redis" })), { code: 0 });
  });

  it("refuses files of another major version", async () => {
    const rules = catalogue.get("postgres")!.engine!;
    const written = writtenBy(rules, "postgres:16.4-bookworm");
    scene.cluster.annotate(claim("redis-data"), { "cluster-storage/written-by": JSON.stringify(written) });
    const id = await point();
    const expected =
      `point ${short(id)} was written by PostgreSQL 16.4 (postgres:16.4-bookworm, bookworm), and PostgreSQL 17.2 ` +
      "(postgres:17.2-bookworm, bookworm) can't go on with its files. To have them on a claim of their own, for a " +
      `server of that version: npm run restore -- redis --at ${short(id)} --into NAME (docs/versions.md)`;
    const engine = (image: string) => ({ engine: { rules, planned: writtenBy(rules, image) } });
    assert.equal(await refused(id, expected, engine("postgres:17.2-bookworm")), 3);
    assert.deepEqual(await restore(aRestore(id, engine("postgres:16.9-bookworm"))), { code: 0 });
  });

  it("refuses a point whose key is another than the Secret's", async () => {
    const id = await point();
    const keys = { secret: "redis", names: ["password"] };
    mkdirSync(join(scene.root, "secrets/redis"), { recursive: true });
    writeFileSync(join(scene.root, "secrets/redis/password"), "another key");
    const expected =
      `point ${short(id)} was made with another password than the Secret cache/redis has, and redis could not read ` +
      "its data. The stack has to have the point's own first: restore into the stack whose state has it, or bring " +
      "that state back (docs/backups.md)";
    assert.equal(await refused(id, expected, { keys }), 3);
    writeFileSync(join(scene.root, "secrets/redis/password"), "the key");
    assert.deepEqual(await restore(aRestore(id, { keys })), { code: 0 });
  });

  it("refuses a volume that is too small", async () => {
    writeFileSync(join(scene.root, "emptyDir/large"), Buffer.alloc(3_000_000, "abc"));
    const id = await point();
    scene.addClaim(target, "1Mi");
    const code = await refused(
      id,
      /^point [0-9a-f]{8} uses 2\.9 MiB in 2 files, and redis-data-2 is 1Mi: it needs at least 2\.9 MiB\. The/,
    );
    assert.equal(code, 3);
  });

  it("refuses a volume that has something else, and leaves that there", async () => {
    const id = await point();
    writeFileSync(join(scene.root, target, "somebody's"), "");
    const code = await refused(
      id,
      `redis-data-2 is not empty (it has somebody's) and holds no unfinished copy of point ${short(id)}; nothing was ` +
        "changed",
      {},
      ["somebody's"],
    );
    assert.equal(code, 3);
  });

  it("says so where the service is on the volume already, without the point", async () => {
    const id = await point();
    const move = aRestore(id);
    const { source } = move;
    const { code, message } = await restore({
      ...move,
      target: { ...source, claim: "redis-data" },
      source: move.target,
    });
    assert.deepEqual(
      [code, message],
      [
        3,
        `redis was not restored from point ${short(id)} to redis-data: redis is on redis-data already, and point ` +
          `${short(id)} was not brought there. A point is brought to a new volume: take from out of the lines of ` +
          "redis-data, then npm run restore -- redis. The service was left as it was.",
      ],
    );
  });

  it("says what a point has before anything is changed, and why it can't be restored", async () => {
    const id = await point();
    const inspect = { point: id, of: "project/dev/redis", volumes: ["redis-data"], keys: ["password"] };
    scene.lines = [];
    assert.deepEqual(await run("inspect", "p", task, inspect), { code: 0 });
    const found = JSON.parse(scene.lines[0]!.replace(/^inspected: /, "")) as { volumes: object[] };
    assert.deepEqual(found.volumes, [{ volume: "redis-data", files: 1, bytes: 4096 }]);
    scene.cluster.put("/api/v1/namespaces/cache/secrets/redis", { data: { password: "b3RoZXI=" } });
    const other = await run("inspect", "p", task, inspect);
    assert.equal(other.code, 3);
    assert.match(other.message ?? "", /^point [0-9a-f]{8} was made with another password than the Secret cache\/redis/);
    const missing = await run("inspect", "p", task, { ...inspect, keys: [], volumes: ["logs"] });
    assert.equal(missing.message, `point ${short(id)} has no volume logs; it has redis-data`);
  });
});
