import assert from "node:assert/strict";

import { core, deployment, job, move, source, useMovesAcross } from "./moves-across";

describe("a move from one node's disk to another's", () => {
  const scene = useMovesAcross();
  const { onPod, partOf, run, inUse, pods, at, assertBack } = scene;

  it("takes nothing of the source's pod of an earlier try, which may have had another key", async () => {
    scene.cluster.objects.set(source, {
      metadata: { name: `${job}-source` },
      spec: {},
      status: { phase: "Running", podIP: "10.0.0.1", conditions: [{ type: "Ready", status: "True" }] },
    });
    assert.deepEqual(await run(), { code: 0 });
    assert.ok(at(`DELETE ${source}`) < at(`POST ${core}/pods`));
  });

  it("refuses a target that is too small before anything is stopped, and leaves no pod", async () => {
    scene.cluster.put(`${core}/persistentvolumeclaims/redis-data-2`, {
      ...scene.cluster.get(`${core}/persistentvolumeclaims/redis-data-2`),
      spec: { resources: { requests: { storage: "4Ki" } } },
    });
    assert.deepEqual(await run(), {
      code: 3,
      message:
        "redis was not moved from redis-data to redis-data-2: redis-data uses 4.0 KiB in 1 file, and " +
        "redis-data-2 is 4Ki: it needs at least 4.1 KiB. The service was left as it was.",
    });
    assert.ok(!scene.cluster.changes.includes(`PATCH ${deployment}`));
    assertBack();
  });

  it("says in the cluster's own words what keeps the source's pod from its start", async () => {
    onPod((part, pod) => {
      if (part !== "source") return undefined;
      scene.cluster.setStatus(`${core}/pods/${pod.metadata.name}`, {
        phase: "Pending",
        conditions: [
          { type: "PodScheduled", status: "False", message: "0/2 nodes are available: 1 node(s) were unschedulable." },
        ],
      });
      return "nothing";
    });
    assert.deepEqual(await run(), {
      code: 3,
      message:
        `redis was not moved from redis-data to redis-data-2: pod ${job}-source doesn't start: no node ` +
        "can take " +
        "it: 0/2 nodes are available: 1 node(s) were unschedulable.. The service was left as it was.",
    });
    assertBack();
  });

  it("doesn't copy without a source's pod that lives", async () => {
    onPod((part, pod) => {
      if (part !== "source") return undefined;
      scene.cluster.endPod(`${core}/pods/${pod.metadata.name}`, 1);
      return "nothing";
    });
    assert.deepEqual(await run(), {
      code: 1,
      message:
        `redis was not moved from redis-data to redis-data-2: pod ${job}-source ended before the copy could ` +
        "begin: Error, exit code 1. The service was left as it was.",
    });
    assertBack();
  });

  it("makes the source's pod anew that is killed under a copy, and goes on with what had arrived", async () => {
    let killed = false;
    onPod((part, pod) => {
      if (part !== "copy" || killed) return undefined;
      killed = true;
      scene.cluster.killSource(source);
      scene.cluster.endPod(source, 137);
      return scene.cluster.runCopy(pod);
    });
    process.env.COPY_PATIENCE = "0";
    try {
      assert.deepEqual(await run(), { code: 0 });
    } finally {
      delete process.env.COPY_PATIENCE;
    }
    assert.deepEqual(scene.made.map(partOf), ["source", "measure", "copy", "source", "copy"]);
    assert.ok(
      scene.lines.some((line) => line.endsWith("; trying again")),
      scene.lines.join("\n"),
    );
    assert.deepEqual([inUse(), pods()], ["redis-data-2", ["redis-0"]]);
  });

  it("doesn't wait for a copy that asks where nobody answers any more", async () => {
    let killed = false;
    onPod((part, pod) => {
      if (part !== "copy" || killed) return undefined;
      killed = true;
      scene.cluster.setStatus(`${core}/pods/${pod.metadata.name}`, { phase: "Running" });
      scene.cluster.killSource(source);
      scene.cluster.endPod(source, 137);
      return "nothing";
    });
    assert.deepEqual(await run(), { code: 0 });
    assert.deepEqual(scene.made.map(partOf), ["source", "measure", "copy", "source", "copy"]);
    assert.ok(
      scene.lines.includes(`pod ${job}-source ended before the copy did: Error, exit code 137; trying again`),
      scene.lines.join("\n"),
    );
    assert.deepEqual([inUse(), pods()], ["redis-data-2", ["redis-0"]]);
  });

  it("brings the service back when it is told to end, with no pod left", async () => {
    const told = new AbortController();
    onPod((part, pod) => {
      if (part !== "copy") return undefined;
      scene.cluster.setStatus(`${core}/pods/${pod.metadata.name}`, { phase: "Running" });
      told.abort();
      return "nothing";
    });
    assert.deepEqual(await run(move, told.signal), {
      code: 1,
      message:
        "redis was not moved from redis-data to redis-data-2: the move's job was told to end. The service " +
        "is started on redis-data.",
    });
    assertBack();
  });
});
