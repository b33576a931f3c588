import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Move } from "../../model/mover";
import { aMove } from "./a-move";
import { loadMover } from "./compiled";
import { FakeCluster, type KubeObject } from "./fake-cluster";

const { Api } = loadMover("wire/api");
const { Context } = loadMover("orchestrate/context");
const { runMove } = loadMover("orchestrate/run");

const core = "/api/v1/namespaces/cache";
const deployment = "/apis/apps/v1/namespaces/cache/deployments/redis";
const move = aMove({ across: { secret: "redis-move", key: "redis-data-1-to-2", port: 7411 } });
move.target.node = "node-2";
const { job } = move;
const source = `${core}/pods/${job}-source`;

describe("a move from one node's disk to another's", () => {
  let root: string;
  let cluster: FakeCluster;
  let server: { url: string; token: () => string };
  let lines: string[];
  /** Pods of the move, in the order in which they were made. */
  let made: KubeObject[];

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), "across-"));
    cluster = new FakeCluster(root);
    server = { url: await cluster.start(), token: () => "token" };
    [lines, made] = [[], []];
    onPod(() => undefined);
    cluster.put(`/apis/batch/v1/namespaces/cache/jobs/${job}`, { metadata: { namespace: "cache", uid: "job-uid" } });
    const spec = {
      containers: [{ name: "redis" }],
      volumes: [
        { name: "redis-data", persistentVolumeClaim: { claimName: "redis-data" } },
        { name: "logs", persistentVolumeClaim: { claimName: "logs" } },
      ],
    };
    cluster.put(deployment, {
      metadata: { namespace: "cache" },
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: "redis" } },
        template: { metadata: { labels: { app: "redis" } }, spec },
      },
    });
    for (const name of ["redis-data", "redis-data-2", "logs", "logs-2"]) {
      cluster.put(`${core}/persistentvolumeclaims/${name}`, {
        metadata: { namespace: "cache", uid: `uid-of-${name}` },
        spec: { resources: { requests: { storage: "2Gi" } } },
        status: { phase: "Bound" },
      });
      mkdirSync(join(root, name));
    }
    writeFileSync(join(root, "redis-data/dump.rdb"), "the data");
    writeFileSync(join(root, "logs/log"), "a line");
  });
  afterEach(() => {
    cluster.stop();
    rmSync(root, { recursive: true, force: true });
  });

  /** What happens to a pod of the move instead of its program; undefined: the program. */
  function onPod(behave: (part: string, pod: KubeObject) => Promise<void> | "nothing" | undefined): void {
    cluster.behaviour = (pod) => {
      made.push(pod);
      const done = behave(partOf(pod), pod);
      return done === "nothing" ? undefined : (done ?? cluster.runCopy(pod));
    };
  }
  const partOf = ({ metadata }: KubeObject) => (metadata.name as string).slice(job.length + 1);
  const run = (of: Move = move, signal?: AbortSignal) =>
    runMove(
      new Context(new Api(server, { patience: 500 }), of, {
        signal,
        log: (line) => void lines.push(line),
        env: { MOVE_PATIENCE: "0.3", MOVE_READY_PATIENCE: "0.3", MOVE_POLL: "10" },
      }),
    );
  const inUse = () => cluster.get(deployment).spec.template.spec.volumes[0].persistentVolumeClaim.claimName as string;
  const pods = () =>
    [...cluster.objects.keys()]
      .filter((path) => path.startsWith(`${core}/pods/`))
      .map((path) => path.split("/").at(-1));
  const at = (change: string) => cluster.changes.indexOf(change);

  function assertBack(): void {
    assert.deepEqual([cluster.get(deployment).spec.replicas, inUse(), pods()], [1, "redis-data", ["redis-0"]]);
    assert.deepEqual(cluster.get(deployment).metadata.annotations ?? {}, {});
    assert.deepEqual(readdirSync(join(root, "redis-data")), ["dump.rdb"]);
  }

  it("has a pod that serves the source from before the measure to the end of the copy", async () => {
    assert.deepEqual(await run(), { code: 0 });
    assert.equal(readFileSync(join(root, "redis-data-2/dump.rdb"), "utf8"), "the data");
    assert.deepEqual([inUse(), pods()], ["redis-data-2", ["redis-0"]]);
    assert.deepEqual(made.map(partOf), ["source", "measure", "copy"]);
    const end = cluster.changes.lastIndexOf(`DELETE ${source}`);
    assert.ok(
      cluster.changes.lastIndexOf(`POST ${core}/pods`) < end &&
        end < cluster.changes.indexOf(`PATCH ${deployment}`, at(`PATCH ${deployment}`) + 1),
      cluster.changes.join("\n"),
    );
    const said = lines.filter((line) => !/^(copying|checking):/.test(line)).map((line) => line.replace(/, \d+ s$/, ""));
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
    const [serving, measuring, copying] = made as [KubeObject, KubeObject, KubeObject];
    const required = (node: string) => ({
      nodeAffinity: {
        requiredDuringSchedulingIgnoredDuringExecution: {
          nodeSelectorTerms: [{ matchFields: [{ key: "metadata.name", operator: "In", values: [node] }] }],
        },
      },
    });
    assert.deepEqual(
      made.map(({ spec }) => spec.affinity),
      [required("node-1"), required("node-2"), required("node-2")],
    );
    const claims = ({ spec }: KubeObject) =>
      (spec.volumes as KubeObject[]).flatMap(({ persistentVolumeClaim }) => persistentVolumeClaim ?? []);
    assert.deepEqual(made.map(claims), [
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
    for (const { spec } of made)
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
    assert.ok(at(`PATCH ${deployment}`) < at(`POST ${core}/pods`), cluster.changes.join("\n"));
    assert.deepEqual(made.map(partOf), ["source", "measure", "copy"]);
  });

  it("takes nothing of the source's pod of an earlier try, which may have had another key", async () => {
    cluster.objects.set(source, {
      metadata: { name: `${job}-source` },
      spec: {},
      status: { phase: "Running", podIP: "10.0.0.1", conditions: [{ type: "Ready", status: "True" }] },
    });
    assert.deepEqual(await run(), { code: 0 });
    assert.ok(at(`DELETE ${source}`) < at(`POST ${core}/pods`));
  });

  it("refuses a target that is too small before anything is stopped, and leaves no pod", async () => {
    cluster.put(`${core}/persistentvolumeclaims/redis-data-2`, {
      ...cluster.get(`${core}/persistentvolumeclaims/redis-data-2`),
      spec: { resources: { requests: { storage: "4Ki" } } },
    });
    assert.deepEqual(await run(), {
      code: 3,
      message:
        "redis was not moved from redis-data to redis-data-2: redis-data uses 4.0 KiB in 1 file, and " +
        "redis-data-2 is 4Ki: it needs at least 4.1 KiB. The service was left as it was.",
    });
    assert.ok(!cluster.changes.includes(`PATCH ${deployment}`));
    assertBack();
  });

  it("says in the cluster's own words what keeps the source's pod from its start", async () => {
    onPod((part, pod) => {
      if (part !== "source") return undefined;
      cluster.setStatus(`${core}/pods/${pod.metadata.name}`, {
        phase: "Pending",
        conditions: [
          { type: "PodScheduled", status: "False", message: "0/2 nodes are available: 1 node(s) were unschedulable." },
        ],
      });
      return "nothing";
    });
    assert.deepEqual(await run(), {
      code: 3,
      message:
        `redis was not moved from redis-data to redis-data-2: pod ${job}-source doesn't start: no node ` +
        "can take " +
        "it: 0/2 nodes are available: 1 node(s) were unschedulable.. The service was left as it was.",
    });
    assertBack();
  });

  it("doesn't copy without a source's pod that lives", async () => {
    onPod((part, pod) => {
      if (part !== "source") return undefined;
      cluster.endPod(`${core}/pods/${pod.metadata.name}`, 1);
      return "nothing";
    });
    assert.deepEqual(await run(), {
      code: 1,
      message:
        `redis was not moved from redis-data to redis-data-2: pod ${job}-source ended before the copy could ` +
        "begin: Error, exit code 1. The service was left as it was.",
    });
    assertBack();
  });

  it("makes the source's pod anew that is killed under a copy, and goes on with what had arrived", async () => {
    let killed = false;
    onPod((part, pod) => {
      if (part !== "copy" || killed) return undefined;
      killed = true;
      cluster.killSource(source);
      cluster.endPod(source, 137);
      return cluster.runCopy(pod);
    });
    process.env.COPY_PATIENCE = "0";
    try {
      assert.deepEqual(await run(), { code: 0 });
    } finally {
      delete process.env.COPY_PATIENCE;
    }
    assert.deepEqual(made.map(partOf), ["source", "measure", "copy", "source", "copy"]);
    assert.ok(
      lines.some((line) => line.endsWith("; trying again")),
      lines.join("\n"),
    );
    assert.deepEqual([inUse(), pods()], ["redis-data-2", ["redis-0"]]);
  });

  it("doesn't wait for a copy that asks where nobody answers any more", async () => {
    let killed = false;
    onPod((part, pod) => {
      if (part !== "copy" || killed) return undefined;
      killed = true;
      cluster.setStatus(`${core}/pods/${pod.metadata.name}`, { phase: "Running" });
      cluster.killSource(source);
      cluster.endPod(source, 137);
      return "nothing";
    });
    assert.deepEqual(await run(), { code: 0 });
    assert.deepEqual(made.map(partOf), ["source", "measure", "copy", "source", "copy"]);
    assert.ok(
      lines.includes(`pod ${job}-source ended before the copy did: Error, exit code 137; trying again`),
      lines.join("\n"),
    );
    assert.deepEqual([inUse(), pods()], ["redis-data-2", ["redis-0"]]);
  });

  describe("of a service with two volumes", () => {
    const both: Move = {
      ...move,
      together: [
        {
          volume: "logs",
          source: { claim: "logs", generation: 1 },
          target: { claim: "logs-2", generation: 2, node: "node-2" },
          replace: false,
        },
      ],
    };
    const allInUse = () =>
      (cluster.get(deployment).spec.template.spec.volumes as KubeObject[]).map(
        ({ persistentVolumeClaim }) => persistentVolumeClaim.claimName as string,
      );

    it("switches to both at once: with one on either node it could start on neither", async () => {
      assert.deepEqual(await run(both), { code: 0 });
      assert.deepEqual([allInUse(), pods()], [["redis-data-2", "logs-2"], ["redis-0"]]);
      assert.deepEqual(
        ["redis-data-2/dump.rdb", "logs-2/log"].map((path) => readFileSync(join(root, path), "utf8")),
        ["the data", "a line"],
      );
      const served = made
        .filter((pod) => partOf(pod) === "source")
        .map(({ spec }) => spec.volumes[1].persistentVolumeClaim.claimName as string);
      assert.deepEqual(
        [made.map(partOf), served],
        [
          ["source", "measure", "source", "measure", "source", "copy", "source", "copy"],
          ["redis-data", "logs", "redis-data", "logs"],
        ],
      );
      assert.equal(lines.filter((line) => line === "stopping redis").length, 1);
    });

    it("stays on both when one of them can't be copied", async () => {
      writeFileSync(join(root, "logs-2/precious"), "x");
      const { code, message } = await run(both);
      assert.deepEqual(
        [code, message],
        [
          3,
          "redis was not moved from redis-data to redis-data-2: logs-2 is not empty (it has precious) and holds " +
            "no unfinished copy of logs; nothing was changed. The service was left as it was.",
        ],
      );
      assert.deepEqual(allInUse(), ["redis-data", "logs"]);
      assertBack();
    });

    it("leaves one alone that is there already", async () => {
      const { metadata, spec } = cluster.get(deployment);
      const volumes = [spec.template.spec.volumes[0], { name: "logs", persistentVolumeClaim: { claimName: "logs-2" } }];
      cluster.put(deployment, {
        metadata,
        spec: { ...spec, template: { ...spec.template, spec: { ...spec.template.spec, volumes } } },
      });
      assert.deepEqual(await run(both), { code: 0 });
      assert.deepEqual(
        [allInUse(), made.map(partOf)],
        [
          ["redis-data-2", "logs-2"],
          ["source", "measure", "copy"],
        ],
      );
      assert.deepEqual(readdirSync(join(root, "logs-2")), []);
    });
  });

  it("brings the service back when it is told to end, with no pod left", async () => {
    const told = new AbortController();
    onPod((part, pod) => {
      if (part !== "copy") return undefined;
      cluster.setStatus(`${core}/pods/${pod.metadata.name}`, { phase: "Running" });
      told.abort();
      return "nothing";
    });
    assert.deepEqual(await run(move, told.signal), {
      code: 1,
      message:
        "redis was not moved from redis-data to redis-data-2: the move's job was told to end. The service " +
        "is started on redis-data.",
    });
    assertBack();
  });
});
