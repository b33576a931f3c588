import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Move } from "../../model/mover";
import { loadMover } from "./compiled";
import { type KubeObject } from "./fake-cluster";

import { claim, deployment, exportRecipe, labels, move, pod, sh, spec, useFills } from "./fills";

const { fillClaim } = loadMover("leave/fill");

describe("a move off an emptyDir", () => {
  const scene = useFills();
  const { context, fill, volumes, held, refuses } = scene;

  describe("of a pod that was made by hand, with other names", () => {
    const byHand = (volumeMounts: object[]) => {
      const containers = [{ name: "sidecar" }, { name: "server", volumeMounts }];
      const template = {
        metadata: { labels: { app: "redis" } },
        spec: {
          containers,
          volumes: [
            { name: "storage", emptyDir: {} },
            { name: "more", emptyDir: {} },
          ],
        },
      };
      scene.cluster.put(deployment, { metadata: { namespace: "cache" }, spec: { ...spec("redis-data"), template } });
    };
    const onClaim = [
      { name: "storage", persistentVolumeClaim: { claimName: "redis-data-2" } },
      { name: "more", emptyDir: {} },
    ];
    const after = () => [
      volumes(),
      scene.cluster.get(deployment).spec.replicas,
      scene.cluster.get(deployment).metadata.annotations,
    ];

    it(
      "finds the volume and the container by what is mounted where, and leaves the start to the update, whose " +
        "pod is another",
      async () => {
        byHand([
          { name: "more", mountPath: "/tmp" },
          { name: "storage", mountPath: "/data" },
        ]);
        await fill({ ...move, mounts: [{ path: "/data" }] });
        assert.deepEqual(after(), [onClaim, 0, {}]);
        assert.deepEqual([...new Set(scene.cluster.containers)], ["server"]);
        assert.equal(scene.lines.at(-1), "redis is not running; its data is on redis-data-2");
        await fill({ ...move, mounts: [{ path: "/data" }] });
        assert.deepEqual(after(), [onClaim, 0, {}]);
      },
    );

    it("gives the service what belonged to somebody else there, and takes nothing else for the same", async () => {
      byHand([{ name: "storage", mountPath: "/data" }]);
      const ofRoot = sh("tar --owner=$$ -cf - .");
      await fill({ ...move, mounts: [{ path: "/data" }], exportRecipe: { ...exportRecipe, streams: [ofRoot] } });
      assert.equal(readFileSync(join(scene.target, "sub/dump.rdb"), "utf8"), "the data");
      scene.cluster.put(deployment, { metadata: { namespace: "cache" }, spec: spec("redis-data") });
      scene.noteLeft();
      await refuses(
        { ...move, replace: true, exportRecipe: { ...exportRecipe, streams: [ofRoot] } },
        /is not like what the pod has: .*Uid differs/,
      );
    });

    it("refuses one that has nothing there", async () => {
      byHand([{ name: "storage", mountPath: "/elsewhere" }]);
      await assert.rejects(fill({ ...move, mounts: [{ path: "/data" }] }), {
        message:
          "Deployment redis uses neither an emptyDir nor redis-data-2 for its volume redis-data; nothing was changed",
      });
    });
  });

  describe("with another volume in the same pod", () => {
    const other = {
      volume: "logs",
      source: { generation: 1 },
      target: { claim: "logs-2", generation: 2 },
      replace: false,
      exportRecipe: { ...exportRecipe, streams: [sh("tar -C ../logs -cf - .")] },
    };
    const both: Move = { ...move, others: [other] };
    const logs = () => `${scene.target}-logs`;
    const used = () => volumes().map(({ name, persistentVolumeClaim }) => [name, persistentVolumeClaim?.claimName]);

    beforeEach(() => {
      for (const directory of ["logs", "redis-data-2-logs"]) mkdirSync(join(scene.root, directory));
      writeFileSync(join(scene.root, "logs/access.log"), "all that happened");
      scene.cluster.put(claim("logs-2"), {
        metadata: { namespace: "cache" },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
      });
      const { containers, volumes } = pod("redis-data");
      scene.cluster.put(deployment, {
        metadata: { namespace: "cache" },
        spec: {
          ...spec("redis-data"),
          template: {
            metadata: { labels },
            spec: { containers, volumes: [...volumes, { name: "logs", emptyDir: {} }] },
          },
        },
      });
    });

    it("takes out both before the pod goes: the second job would find a new pod, with nothing in it", async () => {
      await fill(both);
      assert.equal(readFileSync(join(scene.target, "sub/dump.rdb"), "utf8"), "the data");
      assert.equal(readFileSync(join(logs(), "access.log"), "utf8"), "all that happened");
      assert.deepEqual(used(), [
        ["redis-data", "redis-data-2"],
        ["logs", "logs-2"],
      ]);
      const moved = JSON.parse(
        scene.cluster.get(claim("logs-2")).metadata.annotations["cluster-storage/moved"] as string,
      ) as KubeObject;
      assert.deepEqual([moved.from, moved.files, moved.bytes], ["emptyDir", 1, 17]);

      scene.cluster.executed.length = 0;
      await fillClaim(context({ ...move, job: "logs-1-to-2", ...other }), logs());
      assert.deepEqual(scene.cluster.executed, []);
      assert.equal(scene.cluster.get(claim("logs-2")).metadata.annotations["cluster-storage/copying"], undefined);
    });

    it("leaves the service on both when one can't be taken out, and goes on after it", async () => {
      const before = scene.cluster.get("/api/v1/namespaces/cache/pods/redis-0").metadata.uid as string;
      await assert.rejects(
        fill({
          ...both,
          others: [{ ...other, exportRecipe: { ...exportRecipe, streams: [sh("tar -C ../logs -cf - .; exit 1")] } }],
        }),
        /failed in the pod/,
      );
      assert.equal(scene.cluster.get("/api/v1/namespaces/cache/pods/redis-0").metadata.uid, before);
      assert.deepEqual(
        [used(), readdirSync(scene.target), readdirSync(logs()), held()],
        [
          [
            ["redis-data", undefined],
            ["logs", undefined],
          ],
          [],
          [],
          false,
        ],
      );
      await fill(both);
      assert.deepEqual(used(), [
        ["redis-data", "redis-data-2"],
        ["logs", "logs-2"],
      ]);
    });

    it("leaves one alone that is on its claim already", async () => {
      await fillClaim(context({ ...move, job: "logs-1-to-2", ...other }), logs());
      writeFileSync(join(logs(), "since.log"), "newer");
      await fill(both);
      assert.deepEqual(readdirSync(logs()).sort(), ["access.log", "since.log"]);
      assert.deepEqual(used(), [
        ["redis-data", "redis-data-2"],
        ["logs", "logs-2"],
      ]);
    });
  });
});
