import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { deployment, sh, statefulSet } from "../mover/fills";
import type { KubeObject } from "../mover/fake-cluster";
import { task } from "./ground";
import { aRestore, useRestores } from "./restore-ground";

describe("a restore of other services, with the real restic", () => {
  const scene = useRestores();
  const { run, restore, notesOn } = scene;
  const [volume = assert.fail("no volume")] = task.volumes;

  beforeEach(async () => {
    await run("init");
  });

  /** The id of a point of these volumes. */
  async function pointOf(volumes: typeof task.volumes): Promise<string> {
    assert.deepEqual(await run("make", "p", { ...task, volumes }), { code: 0 });
    return scene.points().at(-1)!.id as string;
  }

  it("brings all volumes of a pod to new ones before it switches to them at once", async () => {
    const logs = {
      ...volume,
      volume: "logs",
      exportRecipe: { ...volume.exportRecipe, streams: [sh("tar -C sub -cf - .")] },
    };
    const id = await pointOf([volume, logs]);
    const { spec } = scene.cluster.get(deployment);
    const pod = spec.template.spec as { volumes: KubeObject[] };
    pod.volumes.push({ name: "logs", persistentVolumeClaim: { claimName: "logs" } });
    scene.cluster.put(deployment, { metadata: { namespace: "cache" }, spec });
    scene.addClaim("logs");
    scene.addClaim("logs-2");
    const move = aRestore(id, { keys: { secret: "redis", names: [] } });
    const pods: KubeObject[] = [];
    const { behaviour } = scene.cluster;
    scene.cluster.behaviour = (pod, cluster) => {
      pods.push(pod);
      return behaviour(pod, cluster);
    };
    const other = {
      volume: "logs",
      source: { claim: "logs", generation: 1 },
      target: { claim: "logs-2", generation: 2 },
    };
    assert.deepEqual(await restore({ ...move, together: [{ ...other, replace: false }] }), { code: 0 });
    const after = scene.cluster.get(deployment).spec.template.spec.volumes as KubeObject[];
    assert.deepEqual(
      after.map(({ persistentVolumeClaim }) => persistentVolumeClaim.claimName as string),
      ["redis-data-2", "logs-2"],
    );
    assert.equal(readFileSync(join(scene.root, "logs-2/dump.rdb"), "utf8"), "the data");
    for (const name of ["redis-data-2", "logs-2"])
      assert.equal((JSON.parse(notesOn(name)["cluster-storage/moved"]!) as { from: string }).from, `point ${id}`);
    // One pod mounts all of them, so they are made on its node.
    const term = { matchFields: [{ key: "metadata.name", operator: "In", values: ["node-1"] }] };
    const nodeAffinity = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } };
    for (const { spec: own } of pods) {
      assert.deepEqual([own.affinity, own.automountServiceAccountToken], [{ nodeAffinity }, false]);
      assert.deepEqual(
        own.containers[0].volumeMounts.map(({ name }: { name: string }) => name),
        ["mover", "target", "repository", "keys", "tools", "work"],
      );
    }
    assert.deepEqual(
      pods.map((pod) => pod.spec.containers[0].volumeMounts[1].readOnly as boolean),
      [true, true, false, false],
    );
    // Its own job finds that it is done.
    assert.deepEqual(await restore({ ...move, ...other, job: `logs-${id.slice(0, 8)}-to-2` }), { code: 0 });
  });

  it("makes a StatefulSet anew whose claim comes from a template, whichever generation the point is of", async () => {
    const id = await pointOf([{ ...volume, volume: "data-3", generation: 3 }]);
    scene.cluster.objects.delete(deployment);
    const containers = [{ name: "redis", volumeMounts: [{ name: "data", mountPath: "/data" }] }];
    scene.cluster.put(statefulSet, {
      metadata: { namespace: "cache" },
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: "redis" } },
        template: { metadata: { labels: { app: "redis" } }, spec: { containers } },
        volumeClaimTemplates: [{ metadata: { name: "data" }, spec: {} }],
      },
    });
    for (const name of ["data-redis-0", "data-4-redis-0"]) scene.addClaim(name);
    const move = aRestore(id);
    const ended = await restore({
      ...move,
      workload: { kind: "StatefulSet", name: "redis" },
      volume: "data-4",
      source: { claim: "data-redis-0", generation: 1 },
      target: { claim: "data-4-redis-0", generation: 4 },
      template: { from: "data", to: "data-4" },
    });
    assert.deepEqual(ended, { code: 0 });
    const { spec } = scene.cluster.get(statefulSet);
    assert.equal(spec.volumeClaimTemplates[0].metadata.name, "data-4");
    assert.equal(readFileSync(join(scene.root, "data-4-redis-0/sub/dump.rdb"), "utf8"), "the data");
  });

  it("fills the volume of a service that has no workload, once", async () => {
    const id = await pointOf(task.volumes);
    scene.cluster.objects.delete(deployment);
    assert.deepEqual(await restore(aRestore(id)), { code: 0 });
    assert.equal(scene.lines.at(-1), "redis is not running; its data is on redis-data-2");
    assert.equal(readFileSync(join(scene.root, "redis-data-2/sub/dump.rdb"), "utf8"), "the data");
    scene.running = () => assert.fail("it ran again");
    assert.deepEqual(await restore(aRestore(id)), { code: 0 });
  });
});
