import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { core, deployment, job, move, useMoves } from "./moves";

describe("the tries of a move's job", () => {
  const scene = useMoves();
  const { runJob, assertBack } = scene;

  /** The first `times` switches are refused, as by a controller that wrote the workload meanwhile. */
  const refuseSwitches = (times: number) => {
    let refused = 0;
    scene.cluster.refuse = (method, path, body) => {
      if (method === "PATCH" && path === deployment && body?.spec?.template && refused++ < times)
        throw [409, "Conflict", "the object has been modified"];
    };
  };
  /** A pod of the job that ended. */
  const addPod = (name: string, exitCode: number, reason: string, { uid = "job-uid", disrupted = false } = {}) =>
    scene.cluster.put(`${core}/pods/${name}`, {
      metadata: { namespace: "cache", labels: { "batch.kubernetes.io/controller-uid": uid } },
      spec: { containers: [{ name: "move" }] },
      status: {
        phase: "Failed",
        conditions: disrupted ? [{ type: "DisruptionTarget", status: "True" }] : [],
        containerStatuses: [{ name: "move", state: { terminated: { exitCode, reason } } }],
      },
    });

  it("are three where the fault may pass by itself, in one pod", async () => {
    refuseSwitches(2);
    assert.deepEqual(await runJob(), { code: 0 });
    const again = "the object has been modified. The service is back on redis-data. The move is tried again in 0 s.";
    assert.equal(scene.lines.filter((line) => line.endsWith(again)).length, 2);
    assert.equal(scene.claimInUse(), "redis-data-2");
  });

  it("end as failed after the third, with its reason, and the service is on its old volume", async () => {
    refuseSwitches(3);
    const { code, message } = await runJob();
    assert.equal(code, 1);
    assert.match(
      message ?? "",
      /^redis was not moved .*the object has been modified\. The service is back on redis-data/,
    );
    assertBack();
  });

  it("are one where a person has to change something", async () => {
    writeFileSync(join(scene.root, "redis-data-2/precious"), "x");
    assert.equal((await runJob()).code, 3);
    assert.deepEqual(
      scene.lines.filter((line) => line.includes("tried again")),
      [],
    );
  });

  it("end at once where the pod is told to end, for the next pod to go on", async () => {
    const told = new AbortController();
    scene.cluster.behaviour = (pod) => {
      if (pod.metadata.name.endsWith("-measure")) return scene.cluster.runCopy(pod);
      scene.cluster.setStatus(`${core}/pods/${pod.metadata.name}`, { phase: "Running" });
      told.abort();
      return undefined;
    };
    const { code, message } = await runJob({ signal: told.signal });
    assert.equal(code, 143);
    assert.match(message ?? "", /the move's job was told to end\. The service is started on redis-data\.$/);
    assertBack();
  });

  it("don't go on with a pause once the pod is told to end", async () => {
    refuseSwitches(1);
    const told = new AbortController();
    const ended = runJob({ signal: told.signal }, [60]);
    while (!scene.lines.some((line) => line.endsWith("The move is tried again in 60 s."))) await delay(10);
    told.abort();
    assert.equal((await ended).code, 143);
    assertBack();
  });

  it("are none where the job's pods were killed five times, and the move is taken back", async () => {
    const { metadata, spec } = scene.cluster.get(deployment);
    scene.cluster.put(deployment, {
      metadata: { ...metadata, annotations: { "cluster-storage/moving": job } },
      spec: { ...spec, replicas: 0 },
    });
    for (const name of ["a", "b", "c", "d"]) addPod(name, 137, "Error");
    addPod("e", 137, "OOMKilled");
    assert.deepEqual(await runJob(), {
      code: 3,
      message:
        `redis was not moved from redis-data to redis-data-2: the pod of job ${job} was killed 5 times (OOMKilled), ` +
        "so it isn't tried again. The service is back on redis-data.",
    });
    assert.equal(scene.claimInUse(), "redis-data");
    assert.equal(scene.cluster.get(deployment).spec.replicas, 1);
  });

  it("aren't counted by pods of another job, by those that the cluster put off, or that were told to end", async () => {
    for (const name of ["a", "b", "c", "d"]) addPod(name, 137, "Error");
    addPod("other", 137, "Error", { uid: "an earlier job's" });
    addPod("drained", 137, "Error", { disrupted: true });
    addPod("told", 143, "Error");
    assert.deepEqual(await runJob(), { code: 0 });
    assert.equal(readFileSync(join(scene.root, `${move.target.claim}/dump.rdb`), "utf8"), "the data");
  });
});
