import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Move } from "../../model/mover";
import { type KubeObject } from "./fake-cluster";

import { claim, deployment, exportRecipe, move, sh, spec, statefulSet, useFills } from "./fills";

describe("a move off an emptyDir", () => {
  const scene = useFills();
  const { fill, volumes, held, refuses } = scene;

  it("holds the writes, takes the data out, compares it, and switches while they are still held", async () => {
    await fill();
    assert.equal(readFileSync(join(scene.target, "sub/dump.rdb"), "utf8"), "the data");
    assert.deepEqual(readdirSync(scene.target), ["sub"]);
    assert.deepEqual(volumes(), [{ name: "redis-data", persistentVolumeClaim: { claimName: "redis-data-2" } }]);
    assert.equal(held(), true, "writes were let in while the pod was still there");
    assert.equal(scene.lines[0], "redis takes no writes while its data leaves pod redis-0");
    const scripts = scene.cluster.executed.map((command) => command[2]);
    assert.deepEqual(scripts, [
      "touch $HELD",
      "cat $WRITTEN",
      "tar -cf - .",
      "tar -cf - .",
      "cat $WRITTEN",
      "touch $HELD",
    ]);
    const { annotations } = scene.cluster.get(claim("redis-data-2")).metadata as {
      annotations: Record<string, string>;
    };
    assert.deepEqual(Object.keys(annotations), ["cluster-storage/moved"]);
    const moved = JSON.parse(annotations["cluster-storage/moved"]!) as KubeObject;
    assert.deepEqual([moved.from, moved.files, moved.bytes], ["emptyDir", 1, 8]);
    assert.deepEqual(scene.cluster.get(deployment).metadata.annotations, {});
  });

  it("leaves nothing of the workload as its own: an update could not give the volume another source", async () => {
    const [pulumi, controller, ours] = ["pulumi-kubernetes-1", "kube-controller-manager", "cluster-storage-move"].map(
      (manager) => ({ manager }),
    );
    let conflicts = 0;
    scene.cluster.refuse = (method, path, body) => {
      if (method === "PATCH" && path === deployment && body?.metadata.managedFields && conflicts++ === 0)
        throw [409, "Conflict", "the object has been modified"];
    };
    scene.cluster.put(deployment, {
      metadata: { namespace: "cache", managedFields: [pulumi, ours, controller] },
      spec: spec("redis-data"),
    });
    await fill();
    assert.deepEqual(scene.cluster.get(deployment).metadata.managedFields, [pulumi, controller]);
    assert.equal(conflicts, 2);
  });

  it("fills the volume's directories from those that the container mounts of it", async () => {
    await fill({
      ...move,
      exportRecipe: {
        ...exportRecipe,
        streams: [
          { ...sh("tar -C sub -cf - ."), into: "storage" },
          { ...sh("tar -C sub -cf - ."), into: "snapshots" },
        ],
      },
    });
    assert.deepEqual(readdirSync(scene.target).sort(), ["snapshots", "storage"]);
    assert.equal(readFileSync(join(scene.target, "storage/dump.rdb"), "utf8"), "the data");
  });

  it("takes no stream for whole that ends between two files without a word", async () => {
    const cut: Move = { ...move, exportRecipe: { ...exportRecipe, streams: [sh("tar -cf - . | head -c 1024")] } };
    await refuses(cut, /^the stream ended before its archive did, so some of the data is missing$/);
    assert.deepEqual(readdirSync(scene.target), []);
  });

  it("begins anew over what an earlier try left", async () => {
    writeFileSync(join(scene.target, ".cluster-storage-copy-in-progress"), "emptyDir of redis\n");
    writeFileSync(join(scene.target, "half"), "old");
    await fill();
    assert.deepEqual(readdirSync(scene.target), ["sub"]);
  });

  describe("onto an earlier volume, whose content is superseded", () => {
    const back: Move = { ...move, replace: true };
    const broken: Move = {
      ...back,
      exportRecipe: { ...exportRecipe, streams: [sh("tar -cf - . | head -c 700; exit 1")] },
    };
    beforeEach(() => {
      scene.noteLeft();
      mkdirSync(join(scene.target, "old"));
      writeFileSync(join(scene.target, "old/dump.rdb"), "the other copy");
    });

    it("replaces that, and leaves nothing of it", async () => {
      await fill(back);
      assert.deepEqual(readdirSync(scene.target), ["sub"]);
    });

    it("keeps that until the new is whole: a pod can die within the stream", async () => {
      await refuses(broken, /^the data can't be unpacked: |failed in the pod/);
      assert.equal(readFileSync(join(scene.target, "old/dump.rdb"), "utf8"), "the other copy");
      assert.deepEqual(readdirSync(scene.target), ["old"]);
    });

    it("keeps that where less than half as much leaves the pod, unless that is said to be enough", async () => {
      for (const name of ["a", "b"]) writeFileSync(join(scene.target, `old/${name}`), "the other copy");
      await refuses(
        back,
        new RegExp(
          String.raw`^emptyDir of redis has 8 bytes in 1 file, and redis-data-2, which the copy would erase, has ` +
            String.raw`42 bytes in 3 files: that may be the only good copy; nothing was changed\. To use ` +
            String.raw`redis-data-2 as it is: .*\. If emptyDir of redis is meant to hold so little: kubectl -n ` +
            String.raw`cache annotate --overwrite pvc redis-data-2 cluster-storage/enough-files=1$`,
        ),
      );
      assert.deepEqual(readdirSync(join(scene.target, "old")), ["a", "b", "dump.rdb"]);
      scene.cluster.annotate(claim("redis-data-2"), { "cluster-storage/enough-files": "1" });
      await fill(back);
      assert.deepEqual(readdirSync(scene.target), ["sub"]);
    });

    it("puts what an earlier try had whole in its place, and keeps it until there is newer", async () => {
      writeFileSync(join(scene.target, ".cluster-storage-copy-in-progress"), "emptyDir of redis\n");
      mkdirSync(join(scene.target, ".cluster-storage-incoming"));
      writeFileSync(join(scene.target, ".cluster-storage-incoming/dump.rdb"), "of the first try");
      await refuses(broken, /^the data can't be unpacked: |failed in the pod/);
      assert.deepEqual(readdirSync(scene.target), ["dump.rdb"]);
      assert.equal(readFileSync(join(scene.target, "dump.rdb"), "utf8"), "of the first try");
    });
  });

  it("goes on after a kill between the end of the copy and its note", async () => {
    scene.cluster.refuse = (_method, _path, body) => {
      if (JSON.stringify(body ?? {}).includes("cluster-storage/moved")) throw [422, "Invalid", "as if killed"];
    };
    await assert.rejects(fill());
    assert.deepEqual(readdirSync(scene.target), ["sub"]);
    scene.cluster.refuse = () => undefined;
    await fill();
    assert.deepEqual(volumes(), [{ name: "redis-data", persistentVolumeClaim: { claimName: "redis-data-2" } }]);
  });

  it("asks for no pod once the data is there and its service has no workload", async () => {
    await fill();
    scene.cluster.objects.delete(deployment);
    await fill();
    assert.equal(scene.lines.at(-1), "redis is not running; its data is on redis-data-2");
  });

  it("does nothing when the service uses the claim already", async () => {
    await fill();
    scene.cluster.executed.length = 0;
    writeFileSync(join(scene.target, "newer"), "written since");
    await fill();
    assert.deepEqual([scene.cluster.executed, readdirSync(scene.target)], [[], ["newer", "sub"]]);
  });

  it("leaves a target alone that holds somebody else's data", async () => {
    writeFileSync(join(scene.target, "precious"), "x");
    await refuses(
      move,
      new RegExp(
        String.raw`^redis-data-2 is not empty \(it has precious\) and holds no unfinished copy of emptyDir ` +
          String.raw`of redis; nothing was changed\. To use redis-data-2 without a copy: write from: none in its ` +
          String.raw`lines in the stack file$`,
      ),
    );
    assert.deepEqual(readdirSync(scene.target), ["precious"]);
  });

  it("gives a StatefulSet the template while its pod lives on, and then replaces the pod", async () => {
    scene.cluster.objects.delete(deployment);
    scene.cluster.put(statefulSet, {
      metadata: { namespace: "cache" },
      spec: { ...spec("data"), serviceName: "redis" },
    });
    const templated: Move = {
      ...move,
      workload: { kind: "StatefulSet", name: "redis" },
      volume: "data-2",
      target: { ...move.target, claim: "data-2-redis-0" },
      template: { from: "data", to: "data-2" },
    };
    await fill(templated);
    const { spec: after } = scene.cluster.get(statefulSet);
    assert.deepEqual(after.volumeClaimTemplates, [
      {
        metadata: { name: "data-2" },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
      },
    ]);
    assert.deepEqual(after.template.spec, {
      containers: [{ name: "redis", volumeMounts: [{ name: "data-2", mountPath: "/data" }] }],
      volumes: [],
    });
  });
});
