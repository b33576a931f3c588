import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { self } from "../../local-cluster/instance/owner";
import { instanceNames, writeRecord, type InstanceRecord } from "../../local-cluster/instance/record";
import { noLocalCluster } from "../local-cluster";
import { skip } from "../skip";
import { deleteLeftClusters } from "./leftovers";

describe("the local clusters that killed tests left", function () {
  const was = process.env.CLUSTER_STORAGE_STATE;
  let state: string;
  before(function () {
    const reason = noLocalCluster();
    if (reason) skip(this, reason);
    process.env.CLUSTER_STORAGE_STATE = state = mkdtempSync(join(tmpdir(), "left-"));
  });
  after(() => {
    if (was === undefined) delete process.env.CLUSTER_STORAGE_STATE;
    else process.env.CLUSTER_STORAGE_STATE = was;
    rmSync(state, { recursive: true });
  });

  const dead = { pid: 2 ** 22 - 1, startTime: "1" };
  const left = (name: string, more: Partial<InstanceRecord> = {}) =>
    writeRecord({
      name,
      owner: "/nowhere",
      slot: 0,
      cgroup: `cluster-storage-none-${name}`,
      durable: false,
      phase: "stopped",
      holder: dead,
      tools: { bin: "", env: {} },
      ...more,
    });

  it("are deleted, and no other: neither one in use, nor one with somebody's data, nor another lane's", async () => {
    left("gone");
    left("gone-stack");
    left("gone2-stack");
    left("gone-moves");
    assert.deepEqual(await deleteLeftClusters("gone"), []);
    assert.deepEqual(instanceNames().sort(), ["gone-moves", "gone2-stack"]);
    left("gone", { holder: self() });
    left("gone-stack", { durable: true });
    assert.deepEqual(await deleteLeftClusters("gone"), []);
    assert.deepEqual(instanceNames().sort(), ["gone", "gone-moves", "gone-stack", "gone2-stack"]);
  });
});
