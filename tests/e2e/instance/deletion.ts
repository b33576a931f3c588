import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hasCgroups } from "../../../local-cluster/instance/cgroups";
import { deleteInstance, instanceStatus, stopInstance } from "../../../local-cluster/instance/instance";
import { CHECKOUT } from "../../../local-cluster/instance/owner";
import { readRecord, recordedCgroup, writeRecord } from "../../../local-cluster/instance/record";
import { ops } from "../cli";
import { machineSnapshot } from "../machine-snapshot";
import { name, type InstanceUnderTest } from "./under-test";

/** What stands in the environment while `work` runs. */
async function inState<T>(directory: string, work: () => Promise<T>): Promise<T> {
  const was = process.env.CLUSTER_STORAGE_STATE;
  process.env.CLUSTER_STORAGE_STATE = directory;
  try {
    return await work();
  } finally {
    if (was === undefined) delete process.env.CLUSTER_STORAGE_STATE;
    else process.env.CLUSTER_STORAGE_STATE = was;
  }
}

/** A second instance beside this one, and the deletion of both. */
export function testDeletion(cluster: InstanceUnderTest): void {
  describe("beside an instance of the same name in another state directory", () => {
    const state = mkdtempSync(join(tmpdir(), "other-state-"));
    const there = <T>(work: () => Promise<T>) => inState(state, work);
    after(async () => {
      await there(() => deleteInstance(name, undefined, ["/somebody/elses"]).catch(() => deleteInstance(name)));
      rmSync(state, { recursive: true });
    });

    it("runs, and neither sees the other", async () => {
      assert.equal((await there(() => instanceStatus(name))).state, "absent");
      const neighbour = await there(() => cluster.start());
      assert.notEqual(neighbour.server, cluster.info.server);
      assert.equal(await cluster.kubectl(["get", "pods", "-o", "name"], undefined, neighbour), "");
      await cluster.kubectl(["create", "namespace", "here"], undefined, neighbour);
      const was = cluster.numbers();
      const group = await there(async () => recordedCgroup(name, readRecord(name)));
      assert.ok(hasCgroups(group));
      await there(() => stopInstance(name));
      assert.ok(!hasCgroups(group));
      assert.deepEqual(cluster.numbers(), was);
      await cluster.podReady();
      assert.doesNotMatch(await cluster.kubectl(["get", "namespaces", "-o", "name"]), /here/);
    });

    it("stopped, is not deleted from another checkout unless its checkout is named", async () => {
      const owner = "/somebody/elses";
      const dir = await there(async () => {
        writeRecord({ ...readRecord(name)!, owner, durable: true });
        return (await instanceStatus(name)).dir;
      });
      mkdirSync(join(dir, "volumes", "pvc-1_theirs_data"), { recursive: true });
      writeFileSync(join(dir, "volumes", "pvc-1_theirs_data", "file"), "theirs");
      const env = { CLUSTER_STORAGE_STATE: state, CLUSTER_STORAGE_INSTANCE: name };
      const refused = await ops(["stop", "--delete", "--yes"], env);
      assert.equal(refused.exitCode, 1, refused.printed);
      assert.match(refused.stderr, /^ {2}volume pvc-1_theirs_data {2}[\d.]+ KiB$/m);
      assert.match(refused.stderr, /^ {2}started last by the checkout \/somebody\/elses$/m);
      const last = (printed: string) => printed.trimEnd().split("\n").at(-1);
      assert.equal(
        last(refused.stderr),
        `The local cluster "${name}" has the data of another checkout: ${owner}. Nothing was removed. If that data ` +
          `is to be deleted too, say whose it is: npm stop -- --delete --of ${owner}`,
      );
      const wrong = await ops(["stop", "--delete", "--yes", "--of", CHECKOUT], env);
      assert.equal(
        last(wrong.stderr),
        `The checkout ${CHECKOUT} never started this local cluster; it belongs to ${owner}. Nothing was removed`,
      );
      assert.ok(existsSync(join(dir, "volumes", "pvc-1_theirs_data", "file")));
      const named = await ops(["stop", "--delete", "--yes", "--of", owner], env);
      assert.equal(named.exitCode, 0, named.printed);
      assert.equal(existsSync(dir), false);
      assert.equal((await there(() => instanceStatus(name))).state, "absent");
    });
  });

  // Mocha runs a suite's own tests before the suites in it.
  describe("at last", () => {
    it("deletes everything, and a deletion that was killed on its way is finished by the next start", async () => {
      await deleteInstance(name);
      assert.equal(existsSync(cluster.info.dir), false);
      mkdirSync(`${cluster.info.dir}.deleting/volumes`, { recursive: true });
      await cluster.start();
      assert.equal(existsSync(`${cluster.info.dir}.deleting`), false);
      assert.equal(await cluster.kubectl(["get", "pods", "-o", "name"]), "");
      await deleteInstance(name);
      assert.deepEqual(await machineSnapshot(name), cluster.untouched);
    });
  });
}
