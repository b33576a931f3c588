import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { aRestore, target, useRestores } from "./restore-ground";

const marker = ".cluster-storage-copy-in-progress";

describe("a restore, with the real restic", () => {
  const scene = useRestores();
  const { run, point, restore, claimInUse, notesOn } = scene;
  const data = (...path: string[]) => join(scene.root, "emptyDir", ...path);
  const restored = (...path: string[]) => join(scene.root, target, ...path);
  const listing = (directory: string) =>
    execFileSync("find", [".", "-mindepth", "1", "-printf", "%P %y %m %U:%G %s %T@ %n %l\\n"], { cwd: directory })
      .toString()
      // The test's tar has whole seconds.
      .replaceAll(/(?<= \d+)\.\d{10}(?= \d+ )/g, "")
      .split("\n")
      .sort();

  beforeEach(async () => {
    await run("init");
  });

  it("brings every file back, with mode, owner, times, links and holes, and starts the service there", async () => {
    linkSync(data("sub/dump.rdb"), data("again"));
    symlinkSync("sub/dump.rdb", data("link"));
    mkdirSync(data("locked"));
    writeFileSync(data("locked/\u2028 and\nmore"), "odd name");
    writeFileSync(Buffer.concat([Buffer.from(data("raw-")), Buffer.from([0xff])]), "no UTF-8");
    chmodSync(data("locked"), 0o2510);
    writeFileSync(data("holes"), "begin");
    truncateSync(data("holes"), 20_000_000);
    const id = await point();
    const before = listing(data());
    writeFileSync(data("sub/dump.rdb"), "what came later");
    assert.deepEqual(await restore(aRestore(id)), { code: 0 });
    assert.deepEqual(listing(restored()), before);
    assert.equal(readFileSync(restored("again"), "utf8"), "the data");
    assert.ok(lstatSync(restored("holes")).blocks * 512 < 1_000_000);
    assert.equal(existsSync(restored(marker)), false);
    assert.deepEqual([claimInUse(), scene.replicas()], [target, 1]);
  });

  it("says where the data came from, and lets no copy back replace what the service left", async () => {
    const id = await point();
    await restore(aRestore(id));
    const { from, files } = JSON.parse(notesOn(target)["cluster-storage/moved"]!) as { from: string; files: number };
    assert.deepEqual([from, files], [`point ${id}`, 1]);
    assert.equal(notesOn("redis-data")["cluster-storage/moved-to"], undefined);
    assert.deepEqual(
      scene.lines.slice(-5).map((line) => line.replace(/\d+(\.\d+)? s$/, "N s")),
      [
        `point ${id.slice(0, 8)} has 4.0 KiB in 1 file of redis-data; redis-data-2 has room for it`,
        "restored and checked 8 bytes in 1 file, N s",
        "stopping redis",
        "starting redis on redis-data-2",
        "redis is ready on redis-data-2",
      ],
    );
  });

  it("leaves the service on its volume until the new one is whole", async () => {
    const id = await point();
    const seen: [string, number][] = [];
    scene.running = () => void seen.push([claimInUse(), scene.replicas()]);
    await restore(aRestore(id));
    assert.deepEqual(seen, [
      ["redis-data", 1],
      ["redis-data", 1],
    ]);
  });

  it("does nothing twice", async () => {
    const id = await point();
    await restore(aRestore(id));
    writeFileSync(restored("written since"), "");
    assert.deepEqual(await restore(aRestore(id)), { code: 0 });
    assert.deepEqual(readdirSync(restored()).sort(), ["sub", "written since"]);
  });

  it("goes on after a kill at any moment, and takes nothing half for whole", async function () {
    this.timeout(300_000);
    for (let i = 0; i < 40; i++) writeFileSync(data(`file-${i}`), Buffer.alloc(300_000, `${i} is a file`));
    const id = await point();
    const before = listing(data());
    for (let round = 0; round < 5; round++) {
      scene.running = (pid) => {
        const moment = Math.random() * 900;
        setTimeout(() => {
          try {
            process.kill(-pid, "SIGKILL");
          } catch {
            // It had ended.
          }
        }, moment);
      };
      const { code } = await restore(aRestore(id));
      if (code === 0) break;
      assert.deepEqual([claimInUse(), scene.replicas()], ["redis-data", 1]);
    }
    scene.running = () => undefined;
    assert.deepEqual(await restore(aRestore(id)), { code: 0 });
    assert.deepEqual(listing(restored()), before);
    assert.equal(claimInUse(), target);
  });
});
