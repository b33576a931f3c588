import assert from "node:assert/strict";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Move } from "../../model/mover";
import type { RestoreSource } from "../../model/restore";
import { loadMover, moverDirectory } from "../mover/compiled";
import { aMove } from "../mover/a-move";
import { claim, deployment } from "../mover/fills";
import type { KubeObject } from "../mover/fake-cluster";
import { runProgram } from "../mover/fake-exec";
import { claimIn, podPath } from "../mover/fake-objects";
import { useBackups } from "./ground";

const { Api } = loadMover("wire/api");
const { Context } = loadMover("orchestrate/context");
const { runMove } = loadMover("orchestrate/run");

export const target = "redis-data-2";
const program = join(moverDirectory(), "restore.mjs");

/** A restore of this point. */
export function aRestore(point: string, changes: Partial<RestoreSource> = {}): Move {
  return aMove({
    kind: "restore",
    job: `redis-data-${point.slice(0, 8)}-to-2`,
    identity: { uid: process.getuid!(), gid: process.getgid!() },
    restore: {
      point,
      of: "project/dev/redis",
      image: "restic:1",
      repository: "the test's repository",
      secret: "redis-move-repository",
      env: {},
      ...changes,
    },
  });
}

/** What fills the first volume of a service that the cluster doesn't have yet, from the newest point. */
export const aFill = (changes: Partial<RestoreSource> = {}): Move => ({
  ...aRestore("newest", changes),
  job: "redis-data-newest-to-2",
  source: { generation: 0 },
});

/** A service with a backup on its volume, and a new claim beside it. */
export function useRestores() {
  // Called with each process that restores, which is the first of a group of its own.
  const scene = Object.assign(useBackups(), { running: (_pid: number): void => undefined });
  beforeEach(() => {
    scene.running = () => undefined;
    scene.cluster.behaviour = runPod;
    scene.cluster.put(deployment, withClaim("redis-data"));
    addClaim(target);
  });
  const withClaim = (claimName: string): KubeObject => {
    const labels = { app: "redis", "app.kubernetes.io/managed-by": "pulumi" };
    const containers = [{ name: "redis", volumeMounts: [{ name: "redis-data", mountPath: "/data" }] }];
    return {
      metadata: { namespace: "cache" },
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: "redis" } },
        template: {
          metadata: { labels },
          spec: { containers, volumes: [{ name: "redis-data", persistentVolumeClaim: { claimName } }] },
        },
      },
    };
  };

  /** Runs the program of a restore's pod on the claim's directory here, and the repository of this test. */
  async function runPod(pod: KubeObject): Promise<void> {
    const { cluster, root } = scene;
    const [path, own, [container]] = [podPath(pod), join(root, pod.metadata.name as string), pod.spec.containers];
    mkdirSync(own, { recursive: true });
    const task = JSON.parse(container.env[0].value as string) as KubeObject;
    const keys = task.keys && { ...task.keys, directory: join(root, "secrets", task.keys.secret as string) };
    const RESTORE = JSON.stringify({ ...task, keys, target: join(root, claimIn(pod, "target")) });
    const { BACKUP_PATIENCE = "30" } = process.env;
    const env = { RESTORE, OUTCOME: join(own, "outcome"), BACKUP_WORK: own, BACKUP_PATIENCE };
    cluster.setStatus(path, { phase: "Running" });
    const { code, last } = await runProgram([program, container.command[2] as string], env, (pid) =>
      scene.running(pid),
    );
    // The next try's pod has the same name.
    if (cluster.objects.get(path)?.metadata.uid === pod.metadata.uid) cluster.endPod(path, code, last);
  }

  function addClaim(name: string, storage = "1Gi"): void {
    scene.cluster.put(claim(name), {
      metadata: { namespace: "cache" },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage } } },
      status: { phase: "Bound" },
    });
    mkdirSync(join(scene.root, name), { recursive: true });
  }

  /** Makes a point of what the service has now, and returns its id. */
  async function point(): Promise<string> {
    const { code, message } = await scene.run();
    if (code !== 0) throw new Error(message);
    return scene.points().at(-1)!.id as string;
  }

  /** One try of a restore. */
  function restore(of: Move) {
    scene.cluster.put(`/apis/batch/v1/namespaces/cache/jobs/${of.job}`, { metadata: { namespace: "cache" } });
    const context = new Context(new Api(scene.server, { patience: 500 }), of, {
      log: (line) => void scene.lines.push(line),
      env: { MOVE_PATIENCE: "0.3", MOVE_READY_PATIENCE: "0.3", MOVE_POLL: "10" },
    });
    return runMove(context);
  }

  /** The points are there, and the cluster that they are of is gone. Returns what brings it back. */
  function gone(): () => void {
    const before = scene.cluster.get(deployment);
    scene.cluster.objects.delete(deployment);
    scene.cluster.objects.delete(claim("redis-data"));
    return () => {
      scene.cluster.put(deployment, before);
      addClaim("redis-data");
    };
  }

  /** From now on, the service has this as its data. */
  const write = (text: string) => writeFileSync(join(scene.root, "emptyDir/sub/dump.rdb"), text);
  const claimInUse = () => {
    const { spec } = scene.cluster.get(deployment);
    return spec.template.spec.volumes[0].persistentVolumeClaim.claimName as string;
  };
  const notesOn = (name: string) =>
    (scene.cluster.get(claim(name)).metadata.annotations ?? {}) as Record<string, string>;
  const replicas = () => scene.cluster.get(deployment).spec.replicas as number;
  /** The service is as it was, and nothing is on the new volume unless `left`. */
  async function refused(id: string, expected: string | RegExp, changes?: Partial<RestoreSource>, left: string[] = []) {
    const { code, message = "" } = await restore(aRestore(id, changes));
    const said = message.replace(/^redis was not restored from point [0-9a-f]{8} to redis-data-2: /, "");
    if (typeof expected === "string") assert.equal(said, `${expected}. The service was left as it was.`);
    else assert.match(said, expected);
    assert.notEqual(message, said);
    assert.deepEqual([claimInUse(), replicas()], ["redis-data", 1]);
    assert.deepEqual(readdirSync(join(scene.root, target)).sort(), left);
    return code;
  }

  return Object.assign(scene, { addClaim, point, restore, refused, gone, write, claimInUse, notesOn, replicas });
}
