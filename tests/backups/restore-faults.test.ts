import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { aRestore, target, useRestores } from "./restore-ground";

describe("a restore that can't be made, with the real restic", () => {
  const scene = useRestores();
  const { run, point, restore, refused, claimInUse, largestPack, replicas } = scene;
  const short = (id: string) => id.slice(0, 8);

  beforeEach(async () => {
    await run("init");
  });

  it("says that there is no such point", async () => {
    await point();
    const code = await refused(
      "0123456789abcdef",
      "there is no point 01234567 in the repository at the test's repository; npm run restore -- SERVICE --list " +
        "shows those that there are",
    );
    assert.equal(code, 3);
  });

  it("says that the password is wrong", async () => {
    const id = await point();
    process.env.RESTIC_PASSWORD = "wrong";
    const code = await refused(
      id,
      "the password is not that of the repository at the test's repository; nothing was written. Set the right one: " +
        "pulumi config set --secret --path 'cluster-storage:backups.repository.password'",
    );
    assert.equal(code, 3);
  });

  it("makes no repository where there is none", async () => {
    const id = await point();
    process.env.RESTIC_REPOSITORY = join(scene.root, "elsewhere");
    assert.equal(await refused(id, /^there is no repository at the test's repository, and none was made\. /), 3);
    assert.equal(existsSync(join(scene.root, "elsewhere")), false);
  });

  it("says why the repository doesn't answer", async () => {
    const id = await point();
    process.env.RESTIC_REPOSITORY = "rest:http://127.0.0.1:9/";
    process.env.BACKUP_PATIENCE = "3";
    assert.equal(await refused(id, /^the repository at the test's repository could not be opened in time: Head /), 1);
  });

  it("takes nothing from a damaged repository for whole", async () => {
    writeFileSync(join(scene.root, "emptyDir/large"), randomBytes(2_000_000));
    const id = await point();
    const file = largestPack();
    const bytes = readFileSync(file);
    bytes[Math.floor(bytes.length / 2)]! ^= 0xff;
    writeFileSync(file, bytes);
    const { code, message = "" } = await restore(aRestore(id));
    assert.equal(code, 3, message);
    assert.match(message, /can't be read whole, because the repository at the test's repository is damaged: /);
    assert.deepEqual([claimInUse(), replicas()], ["redis-data", 1]);
    // What was damaged is the point's listing, or a file that was on its way.
    const there = readdirSync(join(scene.root, target));
    assert.ok(there.length === 0 || there.includes(".cluster-storage-copy-in-progress"), there.join());
  });

  it("takes nothing from a repository whose files are cut off for whole", async () => {
    writeFileSync(join(scene.root, "emptyDir/large"), randomBytes(2_000_000));
    const id = await point();
    const file = largestPack();
    truncateSync(file, Math.floor(statSync(file).size / 2));
    const { code, message = "" } = await restore(aRestore(id));
    assert.equal(code, 3, message);
    assert.match(message, /can't be read whole, because the repository at the test's repository is damaged: /);
    assert.deepEqual([claimInUse(), replicas()], ["redis-data", 1]);
  });

  it("refuses a snapshot that npm run backup has not made", async () => {
    mkdirSync(join(scene.root, "other"));
    writeFileSync(join(scene.root, "other/file"), "");
    scene.restic("backup", join(scene.root, "other"));
    const id = scene.points().at(-1)!.id as string;
    assert.equal(
      await refused(
        id,
        `snapshot ${short(id)} of the test's repository was not made by npm run backup: cannot dump file: path ` +
          '"/manifest.jsonl" not found in snapshot',
      ),
      3,
    );
  });
});
