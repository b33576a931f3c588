import { execa } from "execa";
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { slotAddresses } from "../../../local-cluster/instance/addresses";
import { instanceStatus, stopInstance } from "../../../local-cluster/instance/instance";
import { findInits } from "../../../local-cluster/instance/namespaces";
import { end, signal } from "../../../local-cluster/instance/processes";
import { readRecord } from "../../../local-cluster/instance/record";
import { machineSnapshot } from "../machine-snapshot";
import { name, type InstanceUnderTest } from "./under-test";

const KILLS = 6;

/** Stopping and starting again, with the data kept; a start that is killed. */
export function testRestart(cluster: InstanceUnderTest): void {
  it("stops: pods get their time, the machine is as before, the data stays", async () => {
    await stopInstance(name);
    assert.deepEqual(cluster.volumeLog(), ["started", "ended"]);
    assert.deepEqual(await machineSnapshot(name), cluster.untouched);
    assert.equal((await instanceStatus(name)).state, "stopped");
    await stopInstance(name);
    assert.equal((await instanceStatus(name)).state, "stopped");
  });

  it("starts again as the same cluster, its pods on the same volumes", async () => {
    assert.deepEqual(await cluster.start(), cluster.info);
    await cluster.podReady();
    assert.deepEqual(cluster.volumeLog(), ["started", "ended", "started"]);
    assert.match(await cluster.kubectl(["get", "namespace", "strict", "-o", "name"]), /^namespace\/strict$/);
  });

  it("moves to other addresses when something took its own meanwhile", async () => {
    await stopInstance(name);
    const { slot } = readRecord(name)!;
    await execa("ip", ["link", "add", "taken0", "type", "veth", "peer", "name", "taken1"]);
    try {
      await execa("ip", ["address", "add", `${slotAddresses(slot).host}/32`, "dev", "taken0"]);
      cluster.info = await cluster.start();
      assert.notEqual(readRecord(name)!.slot, slot);
      assert.equal(cluster.info.server, `https://${slotAddresses(readRecord(name)!.slot).node}:6443`);
      await cluster.podReady();
    } finally {
      await execa("ip", ["link", "delete", "taken0"]);
    }
  });

  it("comes back after its process 1 was killed, with all that ran below it", async () => {
    for (const init of findInits(cluster.info.dir)) signal(init, "SIGKILL");
    await delay(1000);
    assert.equal((await instanceStatus(name)).state, "broken");
    assert.deepEqual(await cluster.start(), cluster.info);
    await cluster.podReady();
  });

  for (let round = 1; round <= KILLS; round++) {
    it(`heals a start that was killed -9 at a random moment (${round} of ${KILLS})`, async () => {
      if (round % 2 === 1) await stopInstance(name);
      else await end(findInits(cluster.info.dir)[0]!, 0);
      const child = spawn(
        process.execPath,
        ["--require", "ts-node/register/transpile-only", join(__dirname, "..", "start-instance.ts"), name],
        { stdio: ["ignore", "pipe", "inherit"] },
      );
      await once(child.stdout, "data");
      const moment = Math.round(Math.random() * 5000);
      await Promise.race([delay(moment), once(child, "exit")]);
      child.kill("SIGKILL");
      assert.deepEqual(await cluster.start(), cluster.info, `killed after ${moment} ms`);
      assert.equal(findInits(cluster.info.dir).length, 1, `killed after ${moment} ms`);
      await cluster.podReady();
      const { state, trouble } = await instanceStatus(name);
      assert.deepEqual({ state, trouble }, { state: "running", trouble: [] }, `killed after ${moment} ms`);
    });
  }

  it("starts once when asked twice at the same time", async () => {
    await stopInstance(name);
    const [one, other] = await Promise.all([cluster.start(), cluster.start()]);
    assert.deepEqual(one, other);
    assert.equal(findInits(cluster.info.dir).length, 1);
  });
}
