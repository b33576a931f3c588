import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { moverDirectory } from "../mover/compiled";
import { homePod, lease, task, useBackups } from "./ground";

describe("a backup whose pod is killed, with the real restic", () => {
  const scene = useBackups();
  const { run, points, restic } = scene;
  const locks = () => readdirSync(join(scene.root, "repository/locks"));
  const holder = () => (scene.cluster.get(lease).spec as { holderIdentity?: string }).holderIdentity;

  /** Starts a backup as its pod does and kills it with all its processes once it has locked the repository. */
  async function killed(): Promise<void> {
    writeFileSync(
      join(scene.root, "job.mjs"),
      `import { Api } from "${moverDirectory()}/wire.api.mjs";
import { BackupContext } from "${moverDirectory()}/backup.context.mjs";
import { runBackup } from "${moverDirectory()}/backup.run.mjs";
const api = new Api({ url: "${scene.server.url}", token: () => "token" });
const options = { pod: "${hostname()}", work: "${join(scene.root, "work")}", signal: new AbortController().signal };
await runBackup(new BackupContext(api, ${JSON.stringify(task)}, options), "make");`,
    );
    // Slow enough to be killed in the middle.
    const env = { ...process.env, RESTIC: slowRestic() };
    const child = spawn(process.execPath, [join(scene.root, "job.mjs")], { env, detached: true, stdio: "ignore" });
    const ended = new Promise((resolve) => child.once("close", resolve));
    while (locks().length === 0) await sleep(20);
    await sleep(300);
    process.kill(-child.pid!, "SIGKILL");
    await ended;
  }

  function slowRestic(): string {
    const script = join(scene.root, "slow-restic");
    writeFileSync(script, `#!/bin/sh\nexec ${process.env.RESTIC} --limit-upload 200 "$@"\n`, { mode: 0o755 });
    return script;
  }

  beforeEach(async () => {
    writeFileSync(
      join(scene.root, "emptyDir/large"),
      Buffer.from(Array.from({ length: 4_000_000 }, () => Math.random() * 256)),
    );
    await run("init");
  });

  it("leaves no point, and the next one removes its lock and makes one", async () => {
    await killed();
    assert.deepEqual(points(), []);
    assert.equal(holder(), hostname());
    assert.equal(locks().length, 1);
    // The API has no such pod any more.
    assert.deepEqual(await run("make", "redis-backup-2"), { code: 0 });
    assert.ok(
      scene.lines.includes(`removed what ${hostname()} had locked in the repository: that pod has ended`),
      scene.lines.join("\n"),
    );
    assert.equal(points().length, 1);
    assert.deepEqual(locks(), []);
    assert.equal(scene.cluster.get(lease).metadata.annotations["cluster-storage/ended-holders"], undefined);
    restic("check");
  });

  it("is waited for while its pod may still run, however late it is", async () => {
    scene.cluster.put(homePod("other"), { status: { phase: "Running" } });
    scene.cluster.put(lease, { spec: { holderIdentity: "other", renewTime: "2020-01-01T00:00:00.000000Z" } });
    const running = run();
    while (scene.lines.length < 2) await sleep(20);
    await sleep(200);
    assert.equal(scene.lines[1], "waiting for pod other, which uses the repository; one pod at a time does");
    assert.equal(holder(), "other");
    scene.cluster.setStatus(homePod("other"), { phase: "Failed" });
    assert.deepEqual(await running, { code: 0 });
  });

  it("ends without a point once another has its Lease, as after somebody's hand on it", async () => {
    process.env.RESTIC = slowRestic();
    const running = run();
    while (locks().length === 0) await sleep(20);
    scene.cluster.put(lease, { spec: { holderIdentity: "another-pod" } });
    const { code, message } = await running;
    assert.deepEqual(
      [code, message],
      [1, "redis was not backed up, and no point was made: the Lease of the repository was taken by pod another-pod"],
    );
    assert.deepEqual(points(), []);
    assert.equal(holder(), "another-pod");
  });

  it("leaves the lock of a program that it doesn't know", async () => {
    await killed();
    scene.cluster.put(lease, { spec: { holderIdentity: "another-pod" } });
    assert.deepEqual(await run("make", "redis-backup-2"), { code: 0 });
    assert.equal(locks().length, 1);
    assert.equal(points().length, 1);
  });
});
