import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Move } from "../../model/mover";
import { aMove } from "./a-move";
import { loadMover } from "./compiled";
import { FakeCluster, type KubeObject } from "./fake-cluster";

const { Api } = loadMover("wire/api");
const { Context } = loadMover("orchestrate/context");
const { runMove } = loadMover("orchestrate/run");

export const core = "/api/v1/namespaces/cache";
export const deployment = "/apis/apps/v1/namespaces/cache/deployments/redis";
export const move = aMove({ across: { secret: "redis-move", key: "redis-data-1-to-2", port: 7411 } });
move.target.node = "node-2";
export const { job } = move;
export const source = `${core}/pods/${job}-source`;

/** A service with two volumes on one node, and claims for them on another, anew for each test. */
export function useMovesAcross() {
  const scene = {
    root: "",
    cluster: new FakeCluster(""),
    server: { url: "", token: () => "" },
    lines: new Array<string>(),
    /** Pods of the move, in the order in which they were made. */
    made: new Array<KubeObject>(),
  };

  beforeEach(async () => {
    scene.root = mkdtempSync(join(tmpdir(), "across-"));
    scene.cluster = new FakeCluster(scene.root);
    scene.server = { url: await scene.cluster.start(), token: () => "token" };
    [scene.lines, scene.made] = [[], []];
    onPod(() => undefined);
    scene.cluster.put(`/apis/batch/v1/namespaces/cache/jobs/${job}`, {
      metadata: { namespace: "cache", uid: "job-uid" },
    });
    const spec = {
      containers: [{ name: "redis" }],
      volumes: [
        { name: "redis-data", persistentVolumeClaim: { claimName: "redis-data" } },
        { name: "logs", persistentVolumeClaim: { claimName: "logs" } },
      ],
    };
    scene.cluster.put(deployment, {
      metadata: { namespace: "cache" },
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: "redis" } },
        template: { metadata: { labels: { app: "redis" } }, spec },
      },
    });
    for (const name of ["redis-data", "redis-data-2", "logs", "logs-2"]) {
      scene.cluster.put(`${core}/persistentvolumeclaims/${name}`, {
        metadata: { namespace: "cache", uid: `uid-of-${name}` },
        spec: { resources: { requests: { storage: "2Gi" } } },
        status: { phase: "Bound" },
      });
      mkdirSync(join(scene.root, name));
    }
    writeFileSync(join(scene.root, "redis-data/dump.rdb"), "the data");
    writeFileSync(join(scene.root, "logs/log"), "a line");
  });
  afterEach(() => {
    scene.cluster.stop();
    rmSync(scene.root, { recursive: true, force: true });
  });

  /** What happens to a pod of the move instead of its program; undefined: the program. */
  function onPod(behave: (part: string, pod: KubeObject) => Promise<void> | "nothing" | undefined): void {
    scene.cluster.behaviour = (pod) => {
      scene.made.push(pod);
      const done = behave(partOf(pod), pod);
      return done === "nothing" ? undefined : (done ?? scene.cluster.runCopy(pod));
    };
  }
  const partOf = ({ metadata }: KubeObject) => (metadata.name as string).slice(job.length + 1);
  const run = (of: Move = move, signal?: AbortSignal) =>
    runMove(
      new Context(new Api(scene.server, { patience: 500 }), of, {
        signal,
        log: (line) => void scene.lines.push(line),
        env: { MOVE_PATIENCE: "0.3", MOVE_READY_PATIENCE: "0.3", MOVE_POLL: "10" },
      }),
    );
  const inUse = () =>
    scene.cluster.get(deployment).spec.template.spec.volumes[0].persistentVolumeClaim.claimName as string;
  const pods = () =>
    [...scene.cluster.objects.keys()]
      .filter((path) => path.startsWith(`${core}/pods/`))
      .map((path) => path.split("/").at(-1));
  const at = (change: string) => scene.cluster.changes.indexOf(change);

  function assertBack(): void {
    assert.deepEqual([scene.cluster.get(deployment).spec.replicas, inUse(), pods()], [1, "redis-data", ["redis-0"]]);
    assert.deepEqual(scene.cluster.get(deployment).metadata.annotations ?? {}, {});
    assert.deepEqual(readdirSync(join(scene.root, "redis-data")), ["dump.rdb"]);
  }

  return Object.assign(scene, { onPod, partOf, run, inUse, pods, at, assertBack });
}
