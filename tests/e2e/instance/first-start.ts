import { execa } from "execa";
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { slotAddresses } from "../../../local-cluster/instance/addresses";
import { instanceStatus } from "../../../local-cluster/instance/instance";
import { readRecord } from "../../../local-cluster/instance/record";
import { instanceDir } from "../../../local-cluster/paths";
import { machineSnapshot } from "../machine-snapshot";
import { name, type InstanceUnderTest } from "./under-test";

/** The first start, and what the machine shows of it. */
export function testFirstStart(cluster: InstanceUnderTest): void {
  it("does not start where the disk is too small, and leaves nothing", async () => {
    const state = await mkdtemp(join(tmpdir(), "state-"));
    const was = process.env.CLUSTER_STORAGE_STATE;
    await execa("mount", ["-t", "tmpfs", "-o", "size=1G", "small", state]);
    process.env.CLUSTER_STORAGE_STATE = state;
    try {
      const message =
        `The local cluster needs 3 GiB free at ${instanceDir(name)}, but only 1.0 GiB are free. Nothing was ` +
        "started. Free some space, or set CLUSTER_STORAGE_STATE to a directory on another disk.";
      await assert.rejects(cluster.start(), { name: "UserError", message });
      assert.equal((await instanceStatus(name)).state, "absent");
    } finally {
      if (was === undefined) delete process.env.CLUSTER_STORAGE_STATE;
      else process.env.CLUSTER_STORAGE_STATE = was;
      await execa("umount", [state]);
      await rm(state, { recursive: true });
    }
    assert.deepEqual(await machineSnapshot(name), cluster.untouched);
  });

  it("starts from nothing, with its node Ready and nobody else's kubeconfig touched", async () => {
    assert.deepEqual((await instanceStatus(name)).state, "absent");
    cluster.info = await cluster.start();
    assert.equal(cluster.info.dir, instanceDir(name));
    assert.equal(cluster.info.context, `cluster-storage-${name}`);
    assert.equal(await cluster.kubectl(["config", "get-contexts", "-o", "name"]), cluster.info.context);
    assert.equal(
      await cluster.kubectl([
        "get",
        "node",
        cluster.info.node,
        "-o",
        "jsonpath={.status.conditions[?(@.type=='Ready')].status}",
      ]),
      "True",
    );
    assert.deepEqual(await instanceStatus(name), {
      state: "running",
      dir: cluster.info.dir,
      owner: process.cwd(),
      foreign: false,
      kubeconfig: cluster.info.kubeconfig,
      server: cluster.info.server,
      trouble: [],
    });
  });

  it("shows nothing of itself outside but its processes, control groups and one interface", async () => {
    const { links, groups, processes, ...rest } = await machineSnapshot(name);
    const { links: _links, groups: _groups, processes: _processes, ...was } = cluster.untouched;
    assert.deepEqual(rest, was);
    assert.equal(links!.length, cluster.untouched.links!.length + 1);
    assert.ok(
      links!.includes(
        `${slotAddresses(readRecord(name)!.slot).interface} ${cluster.info.dir} BROADCAST MULTICAST UP LOWER_UP`,
      ),
      links!.join(),
    );
    assert.ok(groups!.length > 0 && processes!.length > 0);
  });
}
