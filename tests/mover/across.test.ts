import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type KubeObject } from "./fake-cluster";

import { core, deployment, job, move, source, useMovesAcross } from "./moves-across";

describe("a move from one node's disk to another's", () => {
  const scene = useMovesAcross();
  const { partOf, run, inUse, pods, at } = scene;

  it("has a pod that serves the source from before the measure to the end of the copy", async () => {
    assert.deepEqual(await run(), { code: 0 });
    assert.equal(readFileSync(join(scene.root, "redis-data-2/dump.rdb"), "utf8"), "the data");
    assert.deepEqual([inUse(), pods()], ["redis-data-2", ["redis-0"]]);
    assert.deepEqual(scene.made.map(partOf), ["source", "measure", "copy"]);
    const end = scene.cluster.changes.lastIndexOf(`DELETE ${source}`);
    assert.ok(
      scene.cluster.changes.lastIndexOf(`POST ${core}/pods`) < end &&
        end < scene.cluster.changes.indexOf(`PATCH ${deployment}`, at(`PATCH ${deployment}`) + 1),
      scene.cluster.changes.join("\n"),
    );
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

  it("gives each pod its own volume only, on that one's node, and both the key from the Secret", async () => {
    await run();
    const [serving, measuring, copying] = scene.made as [KubeObject, KubeObject, KubeObject];
    const required = (node: string) => ({
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchFields: [{ key: "metadata.name", operator: "In", values: [node] }] }],
        },
      },
    });
    assert.deepEqual(
      scene.made.map(({ spec }) => spec.affinity),
      [required("node-1"), required("node-2"), required("node-2")],
    );
    const claims = ({ spec }: KubeObject) =>
      (spec.volumes as KubeObject[]).flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim ?? []);
    assert.deepEqual(scene.made.map(claims), [
      [{ claimName: "redis-data", readOnly: true }],
      [{ claimName: "redis-data-2" }],
      [{ claimName: "redis-data-2" }],
    ]);
    assert.deepEqual(serving.spec.containers[0].volumeMounts[1], {
      name: "source",
      mountPath: "/source",
      readOnly: true,
    });
    assert.deepEqual(
      [measuring.spec.containers[0].volumeMounts[1].readOnly, copying.spec.containers[0].volumeMounts[1].readOnly],
      [true, false],
    );
    for (const { spec } of scene.made)
      assert.deepEqual(spec.containers[0].env[1], {
        name: "KEY",
        valueFrom: { secretKeyRef: { name: "redis-move", key: job } },
      });
    assert.deepEqual(JSON.parse(serving.spec.containers[0].env[0].value as string), {
      source: "/source",
      sourceName: "redis-data",
      identity: job,
      port: 7411,
    });
    assert.deepEqual((JSON.parse(copying.spec.containers[0].env[0].value as string) as KubeObject).remote, {
      host: "127.0.0.1",
      port: 7411,
      identity: job,
    });
    assert.deepEqual(serving.spec.containers[0].readinessProbe, { tcpSocket: { port: 7411 }, periodSeconds: 1 });
    for (const same of ["securityContext", "automountServiceAccountToken", "restartPolicy"])
      assert.deepEqual(serving.spec[same], copying.spec[same]);
    assert.deepEqual(
      [serving.metadata.ownerReferences, serving.metadata.labels],
      [copying.metadata.ownerReferences, copying.metadata.labels],
    );
  });

  it("serves a volume for one pod only after the stop", async () => {
    assert.deepEqual(await run({ ...move, source: { ...move.source, accessMode: "ReadWriteOncePod" } }), { code: 0 });
    assert.ok(at(`PATCH ${deployment}`) < at(`POST ${core}/pods`), scene.cluster.changes.join("\n"));
    assert.deepEqual(scene.made.map(partOf), ["source", "measure", "copy"]);
  });
});
