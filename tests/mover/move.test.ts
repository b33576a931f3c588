import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Move } from "../../model/mover";
import { type KubeObject } from "./fake-cluster";

import { core, deployment, claimPath, move, job, useMoves } from "./moves";

describe("a move", () => {
  const scene = useMoves();
  const { run, claimInUse, annotations, pods } = scene;

  it("measures, stops, copies, checks, switches and starts, and says so", async () => {
    assert.deepEqual(await run(), { code: 0 });
    assert.equal(readFileSync(join(scene.root, "redis-data-2/dump.rdb"), "utf8"), "the data");
    assert.equal(claimInUse(), "redis-data-2");
    assert.deepEqual(scene.cluster.get(deployment).spec.template.spec.volumes[0], { name: "scratch", emptyDir: {} });
    assert.equal(scene.cluster.get(deployment).spec.replicas, 1);
    assert.deepEqual(annotations(deployment), {});
    assert.deepEqual(pods(), ["redis-0"]);
    const moved = JSON.parse(annotations(claimPath("redis-data-2"))["cluster-storage/moved"]!) as KubeObject;
    assert.deepEqual([moved.from, moved.files, moved.bytes], ["redis-data", 1, 8]);
    assert.match(moved.sha256 as string, /^[0-9a-f]{64}$/);
    assert.equal(
      (JSON.parse(annotations(claimPath("redis-data"))["cluster-storage/moved-to"]!) as KubeObject).to,
      "redis-data-2",
    );
    assert.deepEqual(Object.keys(annotations(claimPath("redis-data-2"))), ["cluster-storage/moved"]);
    const said = scene.lines
      .filter((line) => !/^(copying|checking):/.test(line))
      .map((line) => line.replace(/, \d+ s$/, ""));
    assert.deepEqual(said, [
      "redis-data uses 4.0 KiB in 1 file; redis-data-2 has room for it",
      "stopping redis",
      "copied and checked 8 bytes in 1 file",
      "starting redis on redis-data-2",
      "redis is ready on redis-data-2",
    ]);
  });

  it("changes nothing that is done already, and writes to no volume in use", async () => {
    await run();
    scene.cluster.changes.length = 0;
    assert.deepEqual(await run(), { code: 0 });
    assert.deepEqual(
      scene.cluster.changes.filter((change) => !change.includes("persistentvolumeclaims")),
      [],
    );
  });

  it(
    "makes copy pods that run as the service, read-only on the source, near its pod and owned by " + "the job",
    async () => {
      const made: KubeObject[] = [];
      scene.cluster.behaviour = (pod) => {
        made.push(pod);
        return scene.cluster.runCopy(pod);
      };
      await run();
      const [measuring, copying] = made;
      assert.deepEqual(
        made.map(({ metadata }) => metadata.name),
        [`${job}-measure`, `${job}-copy`],
      );
      assert.deepEqual(copying?.metadata.ownerReferences, [
        { apiVersion: "batch/v1", kind: "Job", name: job, uid: "job-uid" },
      ]);
      assert.deepEqual(copying?.spec.securityContext, {
        runAsNonRoot: true,
        runAsUser: 999,
        runAsGroup: 999,
        fsGroup: 999,
        fsGroupChangePolicy: "OnRootMismatch",
        seccompProfile: { type: "RuntimeDefault" },
      });
      assert.equal(copying?.spec.automountServiceAccountToken, false);
      assert.deepEqual(copying?.spec.volumes[1], {
        name: "source",
        persistentVolumeClaim: { claimName: "redis-data", readOnly: true },
      });
      assert.equal(copying?.spec.containers[0].volumeMounts[1].readOnly, true);
      assert.equal(measuring?.spec.containers[0].volumeMounts[2].readOnly, true);
      const term = { matchFields: [{ key: "metadata.name", operator: "In", values: ["node-1"] }] };
      assert.deepEqual(measuring?.spec.affinity.nodeAffinity, {
        requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] },
      });
      assert.deepEqual(copying?.spec.affinity.nodeAffinity, {
        preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, preference: term }],
      });
    },
  );

  it("copies for a workload that doesn't exist yet", async () => {
    scene.cluster.objects.delete(deployment);
    scene.cluster.objects.delete(`${core}/pods/redis-0`);
    assert.deepEqual(await run(), { code: 0 });
    assert.equal(readFileSync(join(scene.root, "redis-data-2/dump.rdb"), "utf8"), "the data");
    assert.equal(scene.lines.at(-1), "redis is not running; its data is on redis-data-2");
  });

  it(
    "copies nothing a second time while its service has no workload: what was written since would " + "be lost",
    async () => {
      scene.cluster.objects.delete(deployment);
      scene.cluster.objects.delete(`${core}/pods/redis-0`);
      const back: Move = { ...move, replace: true, job: "redis-data-2-to-1", source: move.target, target: move.source };
      scene.cluster.put(`/apis/batch/v1/namespaces/cache/jobs/${back.job}`, {
        metadata: { namespace: "cache", uid: "job-uid" },
      });
      assert.deepEqual(await run(), { code: 0 });
      writeFileSync(join(scene.root, "redis-data-2/dump.rdb"), "written on the second volume");
      assert.deepEqual(await run(back), { code: 0 });
      assert.equal(readFileSync(join(scene.root, "redis-data/dump.rdb"), "utf8"), "written on the second volume");
      writeFileSync(join(scene.root, "redis-data/dump.rdb"), "written since");
      assert.deepEqual(await run(back), { code: 0 });
      assert.equal(readFileSync(join(scene.root, "redis-data/dump.rdb"), "utf8"), "written since");
      const annotations = (name: string) =>
        Object.keys(scene.cluster.get(claimPath(name)).metadata.annotations as object);
      assert.deepEqual(
        [annotations("redis-data"), annotations("redis-data-2")],
        [["cluster-storage/moved"], ["cluster-storage/moved", "cluster-storage/moved-to"]],
      );
    },
  );

  it("stays with the new volume when the service isn't ready in time there", async () => {
    scene.cluster.behaviour = async (pod) => {
      await scene.cluster.runCopy(pod);
      if (pod.metadata.name.endsWith("-copy")) scene.cluster.ready = false;
    };
    assert.deepEqual(await run(), { code: 0 });
    assert.equal(claimInUse(), "redis-data-2");
    assert.equal(scene.lines.at(-1), "redis is not ready yet; its data is on redis-data-2 now, and was checked there");
  });

  it("waits for an API server that restarts, and says when it can't be reached", async () => {
    let failures = 0;
    scene.cluster.refuse = () => {
      if (failures++ % 3 === 0) throw [503, "ServiceUnavailable", "starting"];
    };
    assert.equal((await run()).code, 0);
    scene.cluster.stop();
    const { code, message } = await run();
    assert.equal(code, 1);
    assert.match(message ?? "", /the API server can't be reached: .*ECONNREFUSED/);
  });
});
