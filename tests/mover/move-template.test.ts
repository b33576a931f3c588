import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type KubeObject } from "./fake-cluster";

import { core, deployment, statefulSet, claimPath, templated, useMoves, workload } from "./moves";

describe("a move of a claim from a template", () => {
  const scene = useMoves();
  const { addClaims, run, annotations } = scene;
  beforeEach(() => {
    scene.cluster.objects.delete(deployment);
    scene.cluster.objects.delete(`${core}/pods/redis-0`);
    const volumeClaimTemplates = [
      {
        metadata: { name: "data" },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
      },
    ];
    scene.cluster.put(statefulSet, workload("data", { spec: { serviceName: "redis", volumeClaimTemplates } }));
    addClaims("data-redis-0", "data-2-redis-0");
  });

  it("makes the StatefulSet anew with the new template, and nothing else changed", async () => {
    const before = scene.cluster.get(statefulSet);
    assert.deepEqual(await run(templated), { code: 0 });
    const after = scene.cluster.get(statefulSet);
    assert.notEqual(after.metadata.uid, before.metadata.uid);
    assert.deepEqual(after.spec.volumeClaimTemplates, [
      {
        metadata: { name: "data-2" },
        spec: {
          accessModes: ["ReadWriteOnce"],
          storageClassName: "fast",
          resources: { requests: { storage: "2Gi" } },
        },
      },
    ]);
    assert.deepEqual(after.spec.template.spec.containers, [
      { name: "redis", volumeMounts: [{ name: "data-2", mountPath: "/data" }] },
    ]);
    assert.deepEqual([after.spec.replicas, after.spec.serviceName], [1, "redis"]);
    assert.equal(readFileSync(join(scene.root, "data-2-redis-0/dump.rdb"), "utf8"), "the data");
    assert.deepEqual(Object.keys(annotations(claimPath("data-2-redis-0"))), ["cluster-storage/moved"]);
  });

  it("finds the StatefulSet gone that a killed try took away, and makes it anew", async () => {
    let cut = true;
    scene.cluster.refuse = (method, path) => {
      // From here on until the next try nothing answers, as for one that was killed.
      if (cut && scene.cluster.changes.includes(`DELETE ${statefulSet}`))
        throw [503, "ServiceUnavailable", `${method} ${path}`];
    };
    const { code, message } = await run(templated);
    assert.equal(code, 1);
    assert.match(message ?? "", /The service could not be brought back/);
    assert.equal(scene.cluster.objects.has(statefulSet), false);
    assert.equal(
      (JSON.parse(annotations(claimPath("data-2-redis-0"))["cluster-storage/workload"]!) as KubeObject).spec
        .volumeClaimTemplates[0].metadata.name,
      "data",
    );
    cut = false;
    assert.deepEqual(await run(templated), { code: 0 });
    assert.equal(scene.cluster.get(statefulSet).spec.volumeClaimTemplates[0].metadata.name, "data-2");
    assert.equal(scene.cluster.get(statefulSet).spec.replicas, 1);
  });

  it("puts the old StatefulSet back when the new one is refused", async () => {
    scene.cluster.refuse = (method, path, body) => {
      if (
        method === "POST" &&
        path.endsWith("/statefulsets") &&
        body?.spec.volumeClaimTemplates[0].metadata.name === "data-2"
      )
        throw [403, "Forbidden", "denied by a policy"];
    };
    const { code, message } = await run(templated);
    assert.equal(code, 3);
    assert.match(message ?? "", /denied by a policy\. The service is back on data-redis-0\.$/);
    const { spec, metadata } = scene.cluster.get(statefulSet);
    assert.deepEqual(
      [spec.volumeClaimTemplates[0].metadata.name, spec.replicas, metadata.annotations],
      ["data", 1, {}],
    );
  });

  it("touches no StatefulSet that would take its claims along", async () => {
    const { metadata, spec } = scene.cluster.get(statefulSet);
    scene.cluster.put(statefulSet, {
      metadata,
      spec: { ...spec, persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete" } },
    });
    assert.match(
      (await run(templated)).message ?? "",
      /deletes its claims when it is deleted .* set whenDeleted to Retain\. The service is back on data-redis-0\.$/,
    );
    assert.ok(!scene.cluster.changes.includes(`DELETE ${statefulSet}`));
  });
});
