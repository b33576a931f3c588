import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { core, deployment, move, job, useMoves, workload } from "./moves";

describe("a move that is cut off, or finds its service changed", () => {
  const scene = useMoves();
  const { run, claimInUse, assertBack } = scene;

  it("makes a copy pod anew that was killed, and goes on with what it had copied", async () => {
    let killed = 0;
    scene.cluster.behaviour = (pod) => {
      if (pod.metadata.name.endsWith("-measure") || killed > 0) return scene.cluster.runCopy(pod);
      killed++;
      writeFileSync(join(scene.root, "redis-data-2/.cluster-storage-copy-in-progress"), "uid-of-redis-data\n");
      writeFileSync(join(scene.root, "redis-data-2/dump.rdb"), "the");
      scene.cluster.endPod(`${core}/pods/${pod.metadata.name}`, 137);
      return undefined;
    };
    assert.deepEqual(await run(), { code: 0 });
    assert.equal(readFileSync(join(scene.root, "redis-data-2/dump.rdb"), "utf8"), "the data");
    assert.ok(scene.lines.includes("the copy ended without a result: Error, exit code 137; trying again"));
  });

  it("gives up on a copy pod that is killed again and again, for the job to try later", async () => {
    scene.cluster.behaviour = (pod) =>
      pod.metadata.name.endsWith("-measure")
        ? scene.cluster.runCopy(pod)
        : scene.cluster.endPod(`${core}/pods/${pod.metadata.name}`, 137);
    const { code, message } = await run();
    assert.equal(code, 1);
    assert.match(
      message ?? "",
      /the copy ended without a result: Error, exit code 137\. The service is back on redis-data\.$/,
    );
    assertBack();
  });

  it("brings the service back when it is told to end", async () => {
    const told = new AbortController();
    scene.cluster.behaviour = (pod) => {
      if (pod.metadata.name.endsWith("-measure")) return scene.cluster.runCopy(pod);
      scene.cluster.setStatus(`${core}/pods/${pod.metadata.name}`, { phase: "Running" });
      told.abort();
      return undefined;
    };
    assert.deepEqual(await run(move, { signal: told.signal }), {
      code: 1,
      message:
        "redis was not moved from redis-data to redis-data-2: the move's job was told to end. The service " +
        "is started on redis-data.",
    });
    assertBack();
  });

  it("doesn't switch to a copy of a volume that was written to since", async () => {
    scene.cluster.behaviour = async (pod) => {
      await scene.cluster.runCopy(pod);
      if (!pod.metadata.name.endsWith("-copy")) return;
      const { metadata, spec } = scene.cluster.get(deployment);
      scene.cluster.put(deployment, { metadata: { ...metadata, generation: metadata.generation + 2 }, spec });
    };
    const { code, message } = await run();
    assert.equal(code, 1);
    assert.match(
      message ?? "",
      new RegExp(
        String.raw`Deployment redis was changed by somebody else while its volume was copied, so the ` +
          String.raw`copy may be out of date\. The service is back on redis-data\.$`,
      ),
    );
    assertBack();
  });

  it("takes a complete copy up again that was never switched to, and replaces nothing else", async () => {
    let refused = 0;
    scene.cluster.refuse = (method, path, body) => {
      if (method === "PATCH" && path === deployment && body?.spec?.template && refused++ === 0)
        throw [409, "Conflict", "the object has been modified"];
    };
    assert.equal((await run()).code, 1);
    assertBack();
    writeFileSync(join(scene.root, "redis-data/dump.rdb"), "newer data");
    assert.deepEqual(await run(), { code: 0 });
    assert.equal(readFileSync(join(scene.root, "redis-data-2/dump.rdb"), "utf8"), "newer data");
  });

  it("leaves a target alone that holds somebody else's data", async () => {
    writeFileSync(join(scene.root, "redis-data-2/precious"), "x");
    const { code, message } = await run();
    assert.equal(code, 3);
    assert.match(
      message ?? "",
      new RegExp(
        String.raw`redis-data-2 is not empty \(it has precious\) and holds no unfinished copy of ` +
          String.raw`redis-data; nothing was changed\. To use redis-data-2 without a copy: write from: none in its ` +
          String.raw`lines in the stack file\. The service was left as it was\.$`,
      ),
    );
    assert.deepEqual(readdirSync(join(scene.root, "redis-data-2")), ["precious"]);
  });

  it("goes on with a service that an earlier try left stopped", async () => {
    const { metadata, spec } = scene.cluster.get(deployment);
    scene.cluster.put(deployment, {
      metadata: { ...metadata, annotations: { "cluster-storage/moving": job } },
      spec: { ...spec, replicas: 0 },
    });
    assert.deepEqual(await run(), { code: 0 });
    assert.equal(claimInUse(), "redis-data-2");
    assert.equal(scene.cluster.get(deployment).spec.replicas, 1);
  });

  it("starts a service that was switched and never started, and none that a person stopped", async () => {
    const volumes = [
      { name: "scratch", emptyDir: {} },
      { name: "redis-data", persistentVolumeClaim: { claimName: "redis-data-2" } },
    ];
    scene.cluster.put(deployment, {
      ...workload("redis-data", { pod: { volumes }, spec: { replicas: 0 } }),
      metadata: { namespace: "cache", annotations: { "cluster-storage/moving": job } },
    });
    assert.equal((await run()).code, 0);
    assert.equal(scene.cluster.get(deployment).spec.replicas, 1);
    scene.cluster.put(deployment, workload("redis-data", { pod: { volumes }, spec: { replicas: 0 } }));
    assert.equal((await run()).code, 0);
    assert.equal(scene.cluster.get(deployment).spec.replicas, 0);
  });
});
