import assert from "node:assert/strict";
import { rmSync, symlinkSync, writeFileSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import {
  deleteInstance,
  instanceStatus,
  restartComponent,
  stopInstance,
} from "../../../local-cluster/instance/instance";
import { readRecord, writeRecord } from "../../../local-cluster/instance/record";
import { name, type InstanceUnderTest } from "./under-test";

/** Components that are restarted, killed or broken; another checkout is refused. */
export function testComponents(cluster: InstanceUnderTest): void {
  for (const component of ["kubelet", "containerd", "etcd"] as const) {
    it(`keeps pods running over a restart of ${component}`, async () => {
      const was = cluster.numbers();
      await restartComponent(name, component);
      await cluster.start();
      assert.deepEqual({ ...cluster.numbers(), [component]: 0 }, { ...was, [component]: 0 });
      assert.notEqual(cluster.numbers()[component], was[component]);
      await cluster.podReady();
      assert.deepEqual(cluster.volumeLog(), ["started"]);
    });
  }

  it("starts a component again that was killed, and only that", async () => {
    const was = cluster.numbers();
    for (const component of ["kube-scheduler", "coredns"]) process.kill(was[component]!, "SIGKILL");
    await delay(100);
    assert.deepEqual((await instanceStatus(name)).trouble, ["kube-scheduler is not running", "coredns is not running"]);
    await cluster.start();
    const now = cluster.numbers();
    assert.deepEqual({ ...now, "kube-scheduler": 0, coredns: 0 }, { ...was, "kube-scheduler": 0, coredns: 0 });
    assert.ok(now["kube-scheduler"] && now.coredns);
  });

  it("says which component died at its start, why, and where its log is; the next start mends it", async () => {
    const bin = await mkdtemp(join(tmpdir(), "tools-"));
    for (const entry of await readdir(cluster.tools.bin)) symlinkSync(join(cluster.tools.bin, entry), join(bin, entry));
    rmSync(join(bin, "kube-scheduler"));
    writeFileSync(
      join(bin, "kube-scheduler"),
      "#!/bin/sh\necho 'I1 fine so far'\necho 'error: out of luck'\necho 'I1 good bye'\n",
      { mode: 0o755 },
    );
    const log = join(cluster.info.dir, "logs", "kube-scheduler.log");
    await assert.rejects(cluster.start(name, { bin }), {
      name: "UserError",
      message:
        `kube-scheduler of the local cluster "${name}" ended right after its start: error: out of luck\nIts ` +
        `log: ${log}`,
    });
    await cluster.start();
    assert.equal((await instanceStatus(name)).state, "running");
    await cluster.podReady();
    await rm(bin, { recursive: true });
  });

  it("is refused to another checkout while it runs, and nothing changes", async () => {
    const other = await mkdtemp(join(tmpdir(), "checkout-"));
    writeFileSync(join(other, "package.json"), "{}");
    const own = readRecord(name)!;
    const foreign = { ...own, owner: other };
    writeRecord(foreign);
    const was = cluster.numbers();
    const message =
      `The local cluster "${name}" is in use by the checkout ${other}. Nothing was changed. Its tests are running ` +
      `(process ${process.pid}): wait until they have ended`;
    for (const attempt of [() => cluster.start(), () => stopInstance(name), () => deleteInstance(name)])
      await assert.rejects(attempt, { name: "UserError", message });
    assert.deepEqual(readRecord(name), foreign);
    assert.deepEqual(cluster.numbers(), was);
    await rm(other, { recursive: true });
    await cluster.start();
    assert.equal(readRecord(name)!.owner, own.owner);
  });
}
