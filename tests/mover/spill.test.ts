import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Move } from "../../model/mover";
import { aMove } from "./a-move";
import { loadMover } from "./compiled";
import { FakeCluster, type KubeObject } from "./fake-cluster";

const { Api } = loadMover("wire/api");
const { Context } = loadMover("orchestrate/context");
const { runMove } = loadMover("orchestrate/run");

const deployment = "/apis/apps/v1/namespaces/cache/deployments/redis";
const claim = "/api/v1/namespaces/cache/persistentvolumeclaims/redis-data";

/** What the stack declares: the job sets exactly this, so that the stack's own update changes nothing. */
const pod = {
  initContainers: [{ name: "bring-redis-data", image: "mover:1" }, { name: "wait" }],
  volumes: [
    { name: "redis-data", emptyDir: { sizeLimit: "1Gi" } },
    { name: "bring-redis-data", persistentVolumeClaim: { claimName: "redis-data", readOnly: true } },
  ],
};

const move = aMove({ kind: "spill", target: { generation: 2 }, pod });

describe("a move to an emptyDir", () => {
  let root: string;
  let cluster: FakeCluster;
  let server: { url: string; token: () => string };
  const before = {
    containers: [{ name: "redis" }],
    initContainers: [{ name: "wait" }],
    volumes: [{ name: "redis-data", persistentVolumeClaim: { claimName: "redis-data" } }],
  };

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), "spill-"));
    cluster = new FakeCluster(root);
    server = { url: await cluster.start(), token: () => "token" };
    mkdirSync(join(root, "redis-data"));
    writeFileSync(join(root, "redis-data/dump.rdb"), "the data");
    cluster.put("/apis/batch/v1/namespaces/cache/jobs/redis-data-1-to-2", { metadata: { namespace: "cache" } });
    cluster.put(claim, { metadata: { namespace: "cache" }, spec: {} });
    cluster.put(deployment, {
      metadata: { namespace: "cache" },
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: "redis" } },
        template: { metadata: { labels: { app: "redis" } }, spec: before },
      },
    });
    // The copy program isn't what is looked at here.
    cluster.behaviour = ({ metadata }) =>
      cluster.endPod(
        `/api/v1/namespaces/cache/pods/${metadata.name}`,
        0,
        JSON.stringify({ result: { files: 1, bytes: 8 } }),
      );
  });
  afterEach(() => {
    cluster.stop();
    rmSync(root, { recursive: true, force: true });
  });

  const run = (of: Move = move, readyPatience = "0.3") =>
    runMove(
      new Context(new Api(server, { patience: 300 }), of, {
        log: () => undefined,
        env: { MOVE_PATIENCE: "0.3", MOVE_READY_PATIENCE: readyPatience, MOVE_POLL: "10" },
      }),
    );
  const podSpec = () => cluster.get(deployment).spec.template.spec as KubeObject;
  const fills = (spec: KubeObject) =>
    (spec.initContainers as KubeObject[]).some(({ name }) => name === "bring-redis-data");

  it("measures the data, stops the service, and starts it with what the stack declares", async () => {
    assert.deepEqual(await run(), { code: 0 });
    assert.deepEqual(podSpec(), { containers: before.containers, ...pod });
    assert.equal(cluster.get(deployment).spec.replicas, 1);
    assert.deepEqual(cluster.get(deployment).metadata.annotations, {});
    const { annotations } = cluster.get(claim).metadata as { annotations: Record<string, string> };
    assert.deepEqual(Object.keys(annotations), ["cluster-storage/moved-to"]);
    assert.equal((JSON.parse(annotations["cluster-storage/moved-to"]!) as KubeObject).to, "emptyDir");
  });

  it("goes back to the claim when the data can't be brought, and says why", async () => {
    const failed = {
      phase: "Pending",
      initContainerStatuses: [
        {
          name: "bring-redis-data",
          lastState: { terminated: { exitCode: 3, message: '{"error":"the emptyDir is full","transient":false}' } },
        },
      ],
    };
    cluster.podStatus = (spec) => (fills(spec) ? failed : { phase: "Running" });
    assert.deepEqual(await run(), {
      code: 3,
      message:
        "redis was not moved from redis-data to an emptyDir: the emptyDir was not filled: the emptyDir is " +
        "full. The service is back on redis-data.",
    });
    assert.deepEqual(podSpec(), before);
    assert.equal(cluster.get(deployment).spec.replicas, 1);
    assert.deepEqual([cluster.get(deployment).metadata.annotations, cluster.get(claim).metadata.annotations], [{}, {}]);
  });

  it(
    "never goes back from a directory that the service has started on: what it took there is " + "nowhere else",
    async () => {
      const started = {
        phase: "Pending",
        containerStatuses: [{ started: false, state: { running: {} } }],
        initContainerStatuses: [
          { name: "bring-redis-data", lastState: { terminated: { exitCode: 1, message: "an earlier try" } } },
        ],
      };
      cluster.podStatus = (spec) => (fills(spec) ? started : { phase: "Running" });
      assert.deepEqual(await run(), { code: 0 });
      assert.deepEqual(podSpec().volumes, pod.volumes);
    },
  );

  it("goes on after a kill between the switch and the end", async () => {
    cluster.put(deployment, {
      metadata: { namespace: "cache", annotations: { "cluster-storage/moving": move.job } },
      spec: {
        replicas: 0,
        selector: { matchLabels: { app: "redis" } },
        template: { metadata: { labels: { app: "redis" } }, spec: { ...before, ...pod } },
      },
    });
    // Long enough that waiting for a service that nobody started would show.
    assert.deepEqual(await run(move, "30"), { code: 0 });
    assert.equal(cluster.get(deployment).spec.replicas, 1);
  }).timeout(10_000);

  it("stops nothing when it wasn't told what the pod looks like then", async () => {
    assert.equal(
      (await run({ ...move, pod: undefined })).message,
      "redis was not moved from redis-data to an emptyDir: the job wasn't told what the pod with the emptyDir " +
        "looks like. The service was left as it was.",
    );
    assert.deepEqual(cluster.changes, [
      "DELETE /api/v1/namespaces/cache/pods/redis-data-1-to-2-measure",
      "DELETE /api/v1/namespaces/cache/pods/redis-data-1-to-2-copy",
    ]);
  });
});
