import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Move } from "../../model/mover";
import { aMove } from "./a-move";
import { loadMover } from "./compiled";
import { FakeCluster, type KubeObject } from "./fake-cluster";

const { Api } = loadMover("wire/api");
const { Context } = loadMover("orchestrate/context");
const { runMove } = loadMover("orchestrate/run");
const { runTries } = loadMover("orchestrate/tries");

export const core = "/api/v1/namespaces/cache";
export const deployment = "/apis/apps/v1/namespaces/cache/deployments/redis";
export const statefulSet = "/apis/apps/v1/namespaces/cache/statefulsets/redis";
export const claimPath = (name: string) => `${core}/persistentvolumeclaims/${name}`;
export const move = aMove();
export const { job } = move;

export const templated: Move = {
  ...move,
  workload: { kind: "StatefulSet", name: "redis" },
  volume: "data-2",
  source: { ...move.source, claim: "data-redis-0" },
  target: { ...move.target, claim: "data-2-redis-0" },
  template: { from: "data", to: "data-2" },
};

/** A workload with one container that mounts the volume. */
export function workload(volume: string, rest: KubeObject): KubeObject {
  const pod = { containers: [{ name: "redis", volumeMounts: [{ name: volume, mountPath: "/data" }] }], ...rest.pod };
  return {
    metadata: { namespace: "cache" },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: "redis" } },
      template: { metadata: { labels: { app: "redis" } }, spec: pod },
      ...rest.spec,
    },
  };
}

/** A service on its volume in a cluster of its own, anew for each test. */
export function useMoves() {
  const scene = {
    root: "",
    cluster: new FakeCluster(""),
    server: { url: "", token: () => "" },
    lines: new Array<string>(),
  };

  beforeEach(async () => {
    scene.root = mkdtempSync(join(tmpdir(), "move-"));
    scene.cluster = new FakeCluster(scene.root);
    scene.server = { url: await scene.cluster.start(), token: () => "token" };
    scene.lines = [];
    scene.cluster.put(`/apis/batch/v1/namespaces/cache/jobs/${job}`, {
      metadata: { namespace: "cache", uid: "job-uid" },
    });
    scene.cluster.put(
      deployment,
      workload("redis-data", {
        pod: {
          volumes: [
            { name: "scratch", emptyDir: {} },
            { name: "redis-data", persistentVolumeClaim: { claimName: "redis-data" } },
          ],
        },
      }),
    );
    addClaims("redis-data", "redis-data-2");
  });
  afterEach(() => {
    scene.cluster.stop();
    rmSync(scene.root, { recursive: true, force: true });
  });

  function addClaims(...names: string[]): void {
    for (const name of names) {
      scene.cluster.put(claimPath(name), {
        metadata: { namespace: "cache", uid: `uid-of-${name}` },
        spec: { accessModes: ["ReadWriteOnce"], storageClassName: "fast", resources: { requests: { storage: "2Gi" } } },
        status: { phase: "Bound" },
      });
      mkdirSync(join(scene.root, name), { recursive: true });
    }
    writeFileSync(join(scene.root, names[0]!, "dump.rdb"), "the data");
  }

  const contextOf = (of: Move, { signal, env = {} }: { signal?: AbortSignal; env?: NodeJS.ProcessEnv } = {}) =>
    new Context(new Api(scene.server, { patience: 500 }), of, {
      signal,
      log: (line) => void scene.lines.push(line),
      env: { MOVE_PATIENCE: "0.3", MOVE_READY_PATIENCE: "0.3", MOVE_POLL: "10", ...env },
    });
  /** One try of a move. */
  const run = (of: Move = move, options: Parameters<typeof contextOf>[1] = {}) => runMove(contextOf(of, options));
  /** What the job's pod does: as many tries as it has, without its pauses. */
  const runJob = (options: Parameters<typeof contextOf>[1] = {}, pauses = [0, 0]) =>
    runTries(contextOf(move, options), pauses);
  const claimInUse = () =>
    scene.cluster.get(deployment).spec.template.spec.volumes[1].persistentVolumeClaim.claimName as string;
  const annotations = (path: string) => (scene.cluster.get(path).metadata.annotations ?? {}) as Record<string, string>;
  const pods = () =>
    [...scene.cluster.objects.keys()]
      .filter((path) => path.startsWith(`${core}/pods/`))
      .map((path) => path.split("/").at(-1));

  /** The service runs on its old volume as if nothing had been. */
  function assertBack(): void {
    assert.equal(scene.cluster.get(deployment).spec.replicas, 1);
    assert.equal(claimInUse(), "redis-data");
    assert.equal(annotations(deployment)["cluster-storage/moving"], undefined);
    assert.deepEqual(pods(), ["redis-0"]);
    assert.equal(readFileSync(join(scene.root, "redis-data/dump.rdb"), "utf8"), "the data");
  }
  const untouched = () =>
    assert.deepEqual(
      scene.cluster.changes.filter((change) => change === `PATCH ${deployment}`),
      [],
    );

  return Object.assign(scene, { addClaims, run, runJob, claimInUse, annotations, pods, assertBack, untouched });
}
