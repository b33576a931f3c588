import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { appendFileSync, chmodSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { damagePrefix, type CareTask, type Damage } from "../../model/care";
import { careTask, useCare } from "./care-ground";

describe("a damaged repository, with the real restic", () => {
  const scene = useCare();
  const { care, cared, events, ids, largestPack, points, restic, restored, run } = scene;
  const task = { ...careTask, cycle: 3 };
  const data = (name: string) => join(scene.root, "emptyDir", name);

  /** Changes one byte in the middle, as a disk does. */
  function damagePack(): string {
    const pack = largestPack();
    chmodSync(pack, 0o644);
    const bytes = readFileSync(pack);
    bytes[1000]! ^= 1;
    writeFileSync(pack, bytes);
    return pack.split("/").at(-1)!;
  }

  function damageIn(lines: string[]): Damage {
    const line = lines.find((each) => each.startsWith(damagePrefix)) ?? assert.fail(lines.join("\n"));
    return JSON.parse(line.slice(damagePrefix.length)) as Damage;
  }

  /** What `npm run backup -- --repair` lets the jobs do, one after the other. */
  async function repaired(): Promise<string[]> {
    scene.lines = [];
    assert.deepEqual(await care("check", task), { code: 0 });
    const { packs } = damageIn(scene.lines);
    assert.deepEqual(await care("repair", task, packs), { code: 0 });
    assert.deepEqual(await run(), { code: 0 });
    scene.lines = [];
    const ended = await care("mend", task);
    assert.deepEqual(ended, { code: 0 }, scene.lines.join("\n"));
    restic("check", "--read-data");
    return scene.lines.filter((line) => line.startsWith("lost "));
  }

  beforeEach(async () => {
    writeFileSync(data("large"), randomBytes(300_000));
    await run("init");
    await run();
  });

  /** Cares for the repository day after day, until it says that something is wrong. */
  async function found(of: CareTask): Promise<string> {
    for (let days = 0; days < of.cycle; days++) {
      const { message } = await care("care", of);
      if (message !== undefined) return message;
      scene.yesterday(cared().checked!);
    }
    return assert.fail("it was not found within the cycle");
  }

  it("is found within the cycle, and from then on nothing is forgotten", async function () {
    this.timeout(180_000);
    const { keep: _, ...service } = task.services[0]!;
    const pack = damagePack();
    const message = await found({ ...task, services: [service] });
    assert.ok(
      message.startsWith(`the repository at the test's repository is damaged: pack ${pack} contains `),
      message,
    );
    assert.ok(message.endsWith(". Nothing is forgotten until it is repaired: npm run backup -- --repair"), message);
    assert.ok(events().includes(`RepositoryDamaged: ${message}`));
    assert.ok(cared().checked?.damage?.startsWith(`pack ${pack} contains `));
    for (const _ of [1, 2]) await run();
    const before = ids();
    assert.equal((await care("care", task)).code, 3);
    assert.deepEqual(ids(), before);
    await repaired();
    assert.equal(cared().checked?.damage, undefined);
    assert.deepEqual(await care("care", task), { code: 0 });
    assert.equal(ids().length, 2);
  });

  it("is found by the removal of data too, whatever part is to be read", async function () {
    this.timeout(120_000);
    for (const _ of [1, 2, 3]) await run();
    damagePack();
    const message = await found(task);
    assert.match(message, /^the repository at the test's repository is damaged: pack /);
    assert.ok(cared().checked?.damage);
    await repaired();
  });

  it("is whole again after the repair where the data is still in the service", async function () {
    this.timeout(120_000);
    const [point] = ids();
    damagePack();
    assert.deepEqual(await repaired(), []);
    // The point of before has everything again, and so has the new one.
    assert.equal(ids()[0], point);
    assert.equal(points().length, 2);
    const { directory } = restored(point!);
    assert.deepEqual(readFileSync(join(directory, "volumes/redis-data/large")), readFileSync(data("large")));
  });

  it("loses only what is nowhere else, says what, and keeps the rest of that point apart", async function () {
    this.timeout(120_000);
    const [point] = ids();
    damagePack();
    rmSync(data("large"));
    appendFileSync(data("sub/dump.rdb"), "more");
    const lost = await repaired();
    assert.equal(lost.length, 1);
    const [{ time }] = points() as [{ time: string }];
    const of = `lost of point ${point!.slice(0, 8)} of redis (${time.slice(0, 16)}Z): `;
    assert.equal(lost[0], `${of}volumes/redis-data/large`);
    const [mended, whole] = points() as { id: string; original?: string; tags: string[] }[];
    assert.deepEqual([mended!.original, mended!.tags.at(-1)], [point, "repaired"]);
    assert.ok(!whole!.tags.includes("repaired"));
    const { directory } = restored(mended!.id);
    assert.equal(readFileSync(join(directory, "volumes/redis-data/sub/dump.rdb"), "utf8"), "the data");
  });

  it("is repaired where a pack is gone altogether", async function () {
    this.timeout(120_000);
    rmSync(largestPack(), { force: true });
    // The listing has the time of its point, so it is in no later one.
    const lost = await repaired();
    assert.equal(lost.length, 1);
    assert.match(lost[0]!, / of redis \(.*\): manifest\.jsonl$/);
    const directory = join(scene.root, "by-hand");
    restic("restore", ids()[0]!, "--target", directory);
    assert.deepEqual(readFileSync(join(directory, "volumes/redis-data/large")), readFileSync(data("large")));
  });

  it("is left alone where nothing is wrong", async () => {
    scene.lines = [];
    assert.deepEqual(await care("check", task), { code: 0 });
    assert.deepEqual(scene.lines, [
      "reading all data of the repository",
      "the repository at the test's repository is sound: all its data could be read",
    ]);
  });
});
