import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Move } from "../../model/mover";
import type { ExportRecipe } from "../../model/export-recipe";
import { aMove } from "./a-move";
import { loadMover } from "./compiled";
import { FakeCluster, type KubeObject } from "./fake-cluster";

const { Api } = loadMover("wire/api");
const { Context } = loadMover("orchestrate/context");
const { fillClaim } = loadMover("leave/fill");

export const deployment = "/apis/apps/v1/namespaces/cache/deployments/redis";
export const statefulSet = "/apis/apps/v1/namespaces/cache/statefulsets/redis";
export const claim = (name: string) => `/api/v1/namespaces/cache/persistentvolumeclaims/${name}`;
export const sh = (script: string) => ({ exec: ["sh", "-c", script] });

/** Held as long as a file is there; the mark is what was ever written. */
export const exportRecipe: ExportRecipe = {
  container: "redis",
  begin: [sh("touch $HELD")],
  streams: [sh("tar -cf - .")],
  mark: sh("cat $WRITTEN"),
  verify: "again",
  end: [sh("rm -f $HELD")],
};

export const move = aMove({ kind: "fill", source: { generation: 1 }, exportRecipe });

export const pod = (volume: string) => ({
  containers: [{ name: "redis", volumeMounts: [{ name: volume, mountPath: "/data" }] }],
  volumes: [{ name: volume, emptyDir: {} }],
});
export const labels = { app: "redis", "app.kubernetes.io/managed-by": "pulumi" };
export const spec = (volume: string) => ({
  replicas: 1,
  selector: { matchLabels: { app: "redis" } },
  template: { metadata: { labels }, spec: pod(volume) },
});

/** A service whose pod has its data in an emptyDir, in a cluster of its own, anew for each test. */
export function useFills() {
  const scene = {
    root: "",
    target: "",
    cluster: new FakeCluster(""),
    server: { url: "", token: () => "" },
    lines: new Array<string>(),
  };

  beforeEach(async () => {
    scene.root = mkdtempSync(join(tmpdir(), "fill-"));
    scene.target = join(scene.root, "redis-data-2");
    scene.cluster = new FakeCluster(scene.root);
    scene.server = { url: await scene.cluster.start(), token: () => "token" };
    scene.lines = [];
    scene.cluster.env = { HELD: join(scene.root, "held"), WRITTEN: join(scene.root, "written") };
    for (const directory of ["emptyDir/sub", "redis-data-2"])
      mkdirSync(join(scene.root, directory), { recursive: true });
    writeFileSync(join(scene.root, "written"), "7");
    writeFileSync(join(scene.root, "emptyDir/sub/dump.rdb"), "the data");
    scene.cluster.put(deployment, { metadata: { namespace: "cache" }, spec: spec("redis-data") });
    for (const name of ["redis-data-2", "data-2-redis-0"])
      scene.cluster.put(claim(name), {
        metadata: { namespace: "cache" },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
      });
  });
  afterEach(() => {
    scene.cluster.stop();
    rmSync(scene.root, { recursive: true, force: true });
  });

  const context = (of: Move) =>
    new Context(new Api(scene.server, { patience: 300 }), of, {
      log: (line) => void scene.lines.push(line),
      env: { MOVE_PATIENCE: "0.3", MOVE_READY_PATIENCE: "0.3", MOVE_POLL: "10" },
    });
  const fill = (of: Move = move) => fillClaim(context(of), scene.target);
  const volumes = () => scene.cluster.get(deployment).spec.template.spec.volumes as KubeObject[];
  const held = () => existsSync(join(scene.root, "held"));

  /** Nothing is lost: the pod with the data is the same, and takes writes. */
  async function refuses(of: Move, message: RegExp, letGo = true): Promise<void> {
    const before = scene.cluster.get("/api/v1/namespaces/cache/pods/redis-0").metadata.uid as string;
    await assert.rejects(fill(of), { message });
    assert.equal(scene.cluster.get("/api/v1/namespaces/cache/pods/redis-0").metadata.uid, before);
    assert.deepEqual(volumes(), [{ name: "redis-data", emptyDir: {} }]);
    assert.equal(held(), !letGo);
  }

  /** The claim's own note that its data went to the pod's directory. */
  const noteLeft = () =>
    scene.cluster.annotate(claim("redis-data-2"), {
      "cluster-storage/moved-to": '{"to":"emptyDir","at":"2026-01-01"}',
    });

  return Object.assign(scene, { context, fill, volumes, held, refuses, noteLeft });
}
