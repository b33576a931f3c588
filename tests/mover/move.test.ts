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
const statefulSet = "/apis/apps/v1/namespaces/cache/statefulsets/redis";
const claimPath = (name: string) => `${core}/persistentvolumeclaims/${name}`;
const move = aMove();
const { job } = move;

const templated: Move = {
  ...move,
  workload: { kind: "StatefulSet", name: "redis" },
  volume: "data-2",
  source: { ...move.source, claim: "data-redis-0" },
  target: { ...move.target, claim: "data-2-redis-0" },
  template: { from: "data", to: "data-2" },
};

/** A workload with one container that mounts the volume. */
function workload(volume: string, rest: KubeObject): KubeObject {
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

describe("a move", () => {
  let root: string;
  let cluster: FakeCluster;
  let server: { url: string; token: () => string };
  let lines: string[];

  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), "move-"));
    cluster = new FakeCluster(root);
    server = { url: await cluster.start(), token: () => "token" };
    lines = [];
    cluster.put(`/apis/batch/v1/namespaces/cache/jobs/${job}`, { metadata: { namespace: "cache", uid: "job-uid" } });
    cluster.put(
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
    cluster.stop();
    rmSync(root, { recursive: true, force: true });
  });

  function addClaims(...names: string[]): void {
    for (const name of names) {
      cluster.put(claimPath(name), {
        metadata: { namespace: "cache", uid: `uid-of-${name}` },
        spec: { accessModes: ["ReadWriteOnce"], storageClassName: "fast", resources: { requests: { storage: "2Gi" } } },
        status: { phase: "Bound" },
      });
      mkdirSync(join(root, name), { recursive: true });
    }
    writeFileSync(join(root, names[0]!, "dump.rdb"), "the data");
  }

  const run = (of: Move = move, { signal, env = {} }: { signal?: AbortSignal; env?: NodeJS.ProcessEnv } = {}) =>
    runMove(
      new Context(new Api(server, { patience: 500 }), of, {
        signal,
        log: (line) => void lines.push(line),
        env: { MOVE_PATIENCE: "0.3", MOVE_READY_PATIENCE: "0.3", MOVE_POLL: "10", ...env },
      }),
    );
  const claimInUse = () =>
    cluster.get(deployment).spec.template.spec.volumes[1].persistentVolumeClaim.claimName as string;
  const annotations = (path: string) => (cluster.get(path).metadata.annotations ?? {}) as Record<string, string>;
  const pods = () =>
    [...cluster.objects.keys()]
      .filter((path) => path.startsWith(`${core}/pods/`))
      .map((path) => path.split("/").at(-1));

  /** The service runs on its old volume as if nothing had been. */
  function assertBack(): void {
    assert.equal(cluster.get(deployment).spec.replicas, 1);
    assert.equal(claimInUse(), "redis-data");
    assert.equal(annotations(deployment)["cluster-storage/moving"], undefined);
    assert.deepEqual(pods(), ["redis-0"]);
    assert.equal(readFileSync(join(root, "redis-data/dump.rdb"), "utf8"), "the data");
  }
  const untouched = () =>
    assert.deepEqual(
      cluster.changes.filter((change) => change === `PATCH ${deployment}`),
      [],
    );

  it("measures, stops, copies, checks, switches and starts, and says so", async () => {
    assert.deepEqual(await run(), { code: 0 });
    assert.equal(readFileSync(join(root, "redis-data-2/dump.rdb"), "utf8"), "the data");
    assert.equal(claimInUse(), "redis-data-2");
    assert.deepEqual(cluster.get(deployment).spec.template.spec.volumes[0], { name: "scratch", emptyDir: {} });
    assert.equal(cluster.get(deployment).spec.replicas, 1);
    assert.deepEqual(annotations(deployment), {});
    assert.deepEqual(pods(), ["redis-0"]);
    const moved = JSON.parse(annotations(claimPath("redis-data-2"))["cluster-storage/moved"]!) as KubeObject;
    assert.deepEqual([moved.from, moved.files, moved.bytes], ["redis-data", 1, 8]);
    assert.match(moved.sha256 as string, /^[0-9a-f]{64}$/);
    assert.equal(
      (JSON.parse(annotations(claimPath("redis-data"))["cluster-storage/moved-to"]!) as KubeObject).to,
      "redis-data-2",
    );
    assert.deepEqual(Object.keys(annotations(claimPath("redis-data-2"))), ["cluster-storage/moved"]);
    const said = lines.filter((line) => !/^(copying|checking):/.test(line)).map((line) => line.replace(/, \d+ s$/, ""));
    assert.deepEqual(said, [
      "redis-data uses 4.0 KiB in 1 file; redis-data-2 has room for it",
      "stopping redis",
      "copied and checked 8 bytes in 1 file",
      "starting redis on redis-data-2",
      "redis is ready on redis-data-2",
    ]);
  });

  it("changes nothing that is done already, and writes to no volume in use", async () => {
    await run();
    cluster.changes.length = 0;
    assert.deepEqual(await run(), { code: 0 });
    assert.deepEqual(
      cluster.changes.filter((change) => !change.includes("persistentvolumeclaims")),
      [],
    );
  });

  it(
    "makes copy pods that run as the service, read-only on the source, near its pod and owned by " + "the job",
    async () => {
      const made: KubeObject[] = [];
      cluster.behaviour = (pod) => {
        made.push(pod);
        return cluster.runCopy(pod);
      };
      await run();
      const [measuring, copying] = made;
      assert.deepEqual(
        made.map(({ metadata }) => metadata.name),
        [`${job}-measure`, `${job}-copy`],
      );
      assert.deepEqual(copying?.metadata.ownerReferences, [
        { apiVersion: "batch/v1", kind: "Job", name: job, uid: "job-uid" },
      ]);
      assert.deepEqual(copying?.spec.securityContext, {
        runAsNonRoot: true,
        runAsUser: 999,
        runAsGroup: 999,
        fsGroup: 999,
        fsGroupChangePolicy: "OnRootMismatch",
        seccompProfile: { type: "RuntimeDefault" },
      });
      assert.equal(copying?.spec.automountServiceAccountToken, false);
      assert.deepEqual(copying?.spec.volumes[1], {
        name: "source",
        persistentVolumeClaim: { claimName: "redis-data", readOnly: true },
      });
      assert.equal(copying?.spec.containers[0].volumeMounts[1].readOnly, true);
      assert.equal(measuring?.spec.containers[0].volumeMounts[2].readOnly, true);
      const term = { matchFields: [{ key: "metadata.name", operator: "In", values: ["node-1"] }] };
      assert.deepEqual(measuring?.spec.affinity.nodeAffinity, {
        requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] },
      });
      assert.deepEqual(copying?.spec.affinity.nodeAffinity, {
        preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, preference: term }],
      });
    },
  );

  it("refuses a target that is too small before anything is stopped", async () => {
    cluster.put(claimPath("redis-data-2"), {
      ...cluster.get(claimPath("redis-data-2")),
      spec: { resources: { requests: { storage: "4Ki" } } },
    });
    const { code, message } = await run();
    assert.equal(code, 3);
    assert.equal(
      message,
      "redis was not moved from redis-data to redis-data-2: redis-data uses 4.0 KiB in 1 file, and " +
        "redis-data-2 is 4Ki: it needs at least 4.1 KiB. The service was left as it was.",
    );
    untouched();
  });

  it("measures a volume for one pod only after the stop, and brings the service back", async () => {
    cluster.put(claimPath("redis-data-2"), {
      ...cluster.get(claimPath("redis-data-2")),
      spec: { resources: { requests: { storage: "4Ki" } } },
    });
    const made: string[] = [];
    cluster.behaviour = (pod) => {
      made.push(pod.metadata.name as string);
      return cluster.runCopy(pod);
    };
    const { code, message } = await run({ ...move, source: { ...move.source, accessMode: "ReadWriteOncePod" } });
    assert.equal(code, 3);
    assert.match(message ?? "", /needs at least 4\.1 KiB\. The service is back on redis-data\.$/);
    assert.deepEqual(made, [`${job}-measure`]);
    assert.ok(
      cluster.changes.indexOf(`PATCH ${deployment}`) < cluster.changes.indexOf(`POST ${core}/pods`),
      cluster.changes.join(),
    );
    assertBack();
  });

  it("refuses a claim that isn't there, or that another pod uses", async () => {
    cluster.objects.delete(claimPath("redis-data-2"));
    assert.equal(
      (await run()).message,
      "redis was not moved from redis-data to redis-data-2: there is no claim redis-data-2 in cache. The " +
        "service was left as it was.",
    );
    addClaims("redis-data-2");
    cluster.objects.set(`${core}/pods/other`, {
      metadata: { name: "other" },
      spec: { volumes: [{ name: "x", persistentVolumeClaim: { claimName: "redis-data-2" } }] },
      status: { phase: "Running" },
    });
    assert.equal(
      (await run()).message,
      "redis was not moved from redis-data to redis-data-2: redis-data-2 is in use by pod other, so nothing " +
        "is copied to it. The service was left as it was.",
    );
    untouched();
  });

  it("refuses a workload that uses neither volume", async () => {
    cluster.put(
      deployment,
      workload("redis-data", {
        pod: {
          volumes: [
            { name: "scratch", emptyDir: {} },
            { name: "redis-data", persistentVolumeClaim: { claimName: "somebody-elses" } },
          ],
        },
      }),
    );
    assert.match(
      (await run()).message ?? "",
      /Deployment redis uses neither redis-data nor redis-data-2 for its volume redis-data; nothing was changed/,
    );
    untouched();
  });

  const atStart: [string, KubeObject, KubeObject[], string][] = [
    [
      "no node can take the pod",
      {
        phase: "Pending",
        conditions: [
          {
            type: "PodScheduled",
            status: "False",
            reason: "Unschedulable",
            message: "0/1 nodes are available: 1 Insufficient cpu.",
          },
        ],
      },
      [],
      `pod ${job}-measure doesn't start: no node can take it: 0/1 nodes are available: 1 Insufficient cpu.`,
    ],
    [
      "the image can't be pulled",
      {
        phase: "Pending",
        containerStatuses: [
          { state: { waiting: { reason: "ImagePullBackOff", message: 'Back-off pulling image "mover:1"' } } },
        ],
      },
      [],
      `pod ${job}-measure doesn't start: ImagePullBackOff: Back-off pulling image "mover:1"`,
    ],
    [
      "the class is missing",
      {
        phase: "Pending",
        conditions: [
          { type: "PodScheduled", status: "False", message: "pod has unbound immediate PersistentVolumeClaims" },
        ],
      },
      [
        {
          reason: "ProvisioningFailed",
          message: 'storageclass.storage.k8s.io "fast" not found',
          lastTimestamp: "2026-01-01T00:00:00Z",
        },
      ],
      `pod ${job}-measure doesn't start: no node can take it: pod has unbound immediate ` +
        `PersistentVolumeClaims; ProvisioningFailed: storageclass.storage.k8s.io "fast" not found`,
    ],
  ];
  for (const [what, status, events, reason] of atStart) {
    it(`says in the cluster's own words when ${what}, with the service untouched`, async () => {
      cluster.behaviour = ({ metadata }) => cluster.setStatus(`${core}/pods/${metadata.name}`, status);
      events.forEach((event, i) => cluster.objects.set(`${core}/events/${i}`, event));
      assert.deepEqual(await run(), {
        code: 3,
        message: `redis was not moved from redis-data to redis-data-2: ${reason}. The service was left as it was.`,
      });
      untouched();
      assertBack();
    });
  }

  it("brings the service back when the copy pod, of all pods, finds no node", async () => {
    cluster.behaviour = (pod) => {
      if (pod.metadata.name.endsWith("-measure")) return cluster.runCopy(pod);
      cluster.setStatus(`${core}/pods/${pod.metadata.name}`, atStart[0]![1]);
      return undefined;
    };
    const { code, message } = await run();
    assert.equal(code, 3);
    assert.match(message ?? "", /1 Insufficient cpu\.\. The service is back on redis-data\.$/);
    assertBack();
  });

  it("says what a quota refuses", async () => {
    cluster.refuse = (method, path) => {
      if (method === "POST" && path.endsWith("/pods"))
        throw [
          403,
          "Forbidden",
          'pods "x" is forbidden: exceeded quota: compute, requested: pods=1, used: pods=3, limited: pods=3',
        ];
    };
    const { code, message } = await run();
    assert.equal(code, 3);
    assert.match(
      message ?? "",
      new RegExp(
        String.raw`the cluster refuses the copy pod: pods "x" is forbidden: exceeded quota: compute, ` +
          String.raw`requested: pods=1, used: pods=3, limited: pods=3\. The service was left as it was\.$`,
      ),
    );
    untouched();
  });

  it("makes a copy pod anew that was killed, and goes on with what it had copied", async () => {
    let killed = 0;
    cluster.behaviour = (pod) => {
      if (pod.metadata.name.endsWith("-measure") || killed > 0) return cluster.runCopy(pod);
      killed++;
      writeFileSync(join(root, "redis-data-2/.cluster-storage-copy-in-progress"), "uid-of-redis-data\n");
      writeFileSync(join(root, "redis-data-2/dump.rdb"), "the");
      cluster.endPod(`${core}/pods/${pod.metadata.name}`, 137);
      return undefined;
    };
    assert.deepEqual(await run(), { code: 0 });
    assert.equal(readFileSync(join(root, "redis-data-2/dump.rdb"), "utf8"), "the data");
    assert.ok(lines.includes("the copy ended without a result: Error, exit code 137; trying again"));
  });

  it("gives up on a copy pod that is killed again and again, for the job to try later", async () => {
    cluster.behaviour = (pod) =>
      pod.metadata.name.endsWith("-measure")
        ? cluster.runCopy(pod)
        : cluster.endPod(`${core}/pods/${pod.metadata.name}`, 137);
    const { code, message } = await run();
    assert.equal(code, 1);
    assert.match(
      message ?? "",
      /the copy ended without a result: Error, exit code 137\. The service is back on redis-data\.$/,
    );
    assertBack();
  });

  it("brings the service back when it is told to end", async () => {
    const told = new AbortController();
    cluster.behaviour = (pod) => {
      if (pod.metadata.name.endsWith("-measure")) return cluster.runCopy(pod);
      cluster.setStatus(`${core}/pods/${pod.metadata.name}`, { phase: "Running" });
      told.abort();
      return undefined;
    };
    assert.deepEqual(await run(move, { signal: told.signal }), {
      code: 1,
      message:
        "redis was not moved from redis-data to redis-data-2: the move's job was told to end. The service " +
        "is started on redis-data.",
    });
    assertBack();
  });

  it("doesn't switch to a copy of a volume that was written to since", async () => {
    cluster.behaviour = async (pod) => {
      await cluster.runCopy(pod);
      if (!pod.metadata.name.endsWith("-copy")) return;
      const { metadata, spec } = cluster.get(deployment);
      cluster.put(deployment, { metadata: { ...metadata, generation: metadata.generation + 2 }, spec });
    };
    const { code, message } = await run();
    assert.equal(code, 1);
    assert.match(
      message ?? "",
      new RegExp(
        String.raw`Deployment redis was changed by somebody else while its volume was copied, so the ` +
          String.raw`copy may be out of date\. The service is back on redis-data\.$`,
      ),
    );
    assertBack();
  });

  it("takes a complete copy up again that was never switched to, and replaces nothing else", async () => {
    let refused = 0;
    cluster.refuse = (method, path, body) => {
      if (method === "PATCH" && path === deployment && body?.spec?.template && refused++ === 0)
        throw [409, "Conflict", "the object has been modified"];
    };
    assert.equal((await run()).code, 1);
    assertBack();
    writeFileSync(join(root, "redis-data/dump.rdb"), "newer data");
    assert.deepEqual(await run(), { code: 0 });
    assert.equal(readFileSync(join(root, "redis-data-2/dump.rdb"), "utf8"), "newer data");
  });

  it("leaves a target alone that holds somebody else's data", async () => {
    writeFileSync(join(root, "redis-data-2/precious"), "x");
    const { code, message } = await run();
    assert.equal(code, 3);
    assert.match(
      message ?? "",
      new RegExp(
        String.raw`redis-data-2 is not empty \(it has precious\) and holds no unfinished copy of ` +
          String.raw`redis-data; nothing was changed\. The service was left as it was\.$`,
      ),
    );
    assert.deepEqual(readdirSync(join(root, "redis-data-2")), ["precious"]);
  });

  it("goes on with a service that an earlier try left stopped", async () => {
    const { metadata, spec } = cluster.get(deployment);
    cluster.put(deployment, {
      metadata: { ...metadata, annotations: { "cluster-storage/moving": job } },
      spec: { ...spec, replicas: 0 },
    });
    assert.deepEqual(await run(), { code: 0 });
    assert.equal(claimInUse(), "redis-data-2");
    assert.equal(cluster.get(deployment).spec.replicas, 1);
  });

  it("starts a service that was switched and never started, and none that a person stopped", async () => {
    const volumes = [
      { name: "scratch", emptyDir: {} },
      { name: "redis-data", persistentVolumeClaim: { claimName: "redis-data-2" } },
    ];
    cluster.put(deployment, {
      ...workload("redis-data", { pod: { volumes }, spec: { replicas: 0 } }),
      metadata: { namespace: "cache", annotations: { "cluster-storage/moving": job } },
    });
    assert.equal((await run()).code, 0);
    assert.equal(cluster.get(deployment).spec.replicas, 1);
    cluster.put(deployment, workload("redis-data", { pod: { volumes }, spec: { replicas: 0 } }));
    assert.equal((await run()).code, 0);
    assert.equal(cluster.get(deployment).spec.replicas, 0);
  });

  it("copies for a workload that doesn't exist yet", async () => {
    cluster.objects.delete(deployment);
    cluster.objects.delete(`${core}/pods/redis-0`);
    assert.deepEqual(await run(), { code: 0 });
    assert.equal(readFileSync(join(root, "redis-data-2/dump.rdb"), "utf8"), "the data");
    assert.equal(lines.at(-1), "redis is not running; its data is on redis-data-2");
  });

  it(
    "copies nothing a second time while its service has no workload: what was written since would " + "be lost",
    async () => {
      cluster.objects.delete(deployment);
      cluster.objects.delete(`${core}/pods/redis-0`);
      const back: Move = { ...move, replace: true, job: "redis-data-2-to-1", source: move.target, target: move.source };
      cluster.put(`/apis/batch/v1/namespaces/cache/jobs/${back.job}`, {
        metadata: { namespace: "cache", uid: "job-uid" },
      });
      assert.deepEqual(await run(), { code: 0 });
      writeFileSync(join(root, "redis-data-2/dump.rdb"), "written on the second volume");
      assert.deepEqual(await run(back), { code: 0 });
      assert.equal(readFileSync(join(root, "redis-data/dump.rdb"), "utf8"), "written on the second volume");
      writeFileSync(join(root, "redis-data/dump.rdb"), "written since");
      assert.deepEqual(await run(back), { code: 0 });
      assert.equal(readFileSync(join(root, "redis-data/dump.rdb"), "utf8"), "written since");
      const annotations = (name: string) => Object.keys(cluster.get(claimPath(name)).metadata.annotations as object);
      assert.deepEqual(
        [annotations("redis-data"), annotations("redis-data-2")],
        [["cluster-storage/moved"], ["cluster-storage/moved", "cluster-storage/moved-to"]],
      );
    },
  );

  it("stays with the new volume when the service isn't ready in time there", async () => {
    cluster.behaviour = async (pod) => {
      await cluster.runCopy(pod);
      if (pod.metadata.name.endsWith("-copy")) cluster.ready = false;
    };
    assert.deepEqual(await run(), { code: 0 });
    assert.equal(claimInUse(), "redis-data-2");
    assert.equal(lines.at(-1), "redis is not ready yet; its data is on redis-data-2 now, and was checked there");
  });

  it("waits for an API server that restarts, and says when it can't be reached", async () => {
    let failures = 0;
    cluster.refuse = () => {
      if (failures++ % 3 === 0) throw [503, "ServiceUnavailable", "starting"];
    };
    assert.equal((await run()).code, 0);
    cluster.stop();
    const { code, message } = await run();
    assert.equal(code, 1);
    assert.match(message ?? "", /the API server can't be reached: .*ECONNREFUSED/);
  });

  describe("of a claim from a template", () => {
    beforeEach(() => {
      cluster.objects.delete(deployment);
      cluster.objects.delete(`${core}/pods/redis-0`);
      const volumeClaimTemplates = [
        {
          metadata: { name: "data" },
          spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
        },
      ];
      cluster.put(statefulSet, workload("data", { spec: { serviceName: "redis", volumeClaimTemplates } }));
      addClaims("data-redis-0", "data-2-redis-0");
    });

    it("makes the StatefulSet anew with the new template, and nothing else changed", async () => {
      const before = cluster.get(statefulSet);
      assert.deepEqual(await run(templated), { code: 0 });
      const after = cluster.get(statefulSet);
      assert.notEqual(after.metadata.uid, before.metadata.uid);
      assert.deepEqual(after.spec.volumeClaimTemplates, [
        {
          metadata: { name: "data-2" },
          spec: {
            accessModes: ["ReadWriteOnce"],
            storageClassName: "fast",
            resources: { requests: { storage: "2Gi" } },
          },
        },
      ]);
      assert.deepEqual(after.spec.template.spec.containers, [
        { name: "redis", volumeMounts: [{ name: "data-2", mountPath: "/data" }] },
      ]);
      assert.deepEqual([after.spec.replicas, after.spec.serviceName], [1, "redis"]);
      assert.equal(readFileSync(join(root, "data-2-redis-0/dump.rdb"), "utf8"), "the data");
      assert.deepEqual(Object.keys(annotations(claimPath("data-2-redis-0"))), ["cluster-storage/moved"]);
    });

    it("finds the StatefulSet gone that a killed try took away, and makes it anew", async () => {
      let cut = true;
      cluster.refuse = (method, path) => {
        // From here on until the next try nothing answers, as for one that was killed.
        if (cut && cluster.changes.includes(`DELETE ${statefulSet}`))
          throw [503, "ServiceUnavailable", `${method} ${path}`];
      };
      const { code, message } = await run(templated);
      assert.equal(code, 1);
      assert.match(message ?? "", /The service could not be brought back/);
      assert.equal(cluster.objects.has(statefulSet), false);
      assert.equal(
        (JSON.parse(annotations(claimPath("data-2-redis-0"))["cluster-storage/workload"]!) as KubeObject).spec
          .volumeClaimTemplates[0].metadata.name,
        "data",
      );
      cut = false;
      assert.deepEqual(await run(templated), { code: 0 });
      assert.equal(cluster.get(statefulSet).spec.volumeClaimTemplates[0].metadata.name, "data-2");
      assert.equal(cluster.get(statefulSet).spec.replicas, 1);
    });

    it("puts the old StatefulSet back when the new one is refused", async () => {
      cluster.refuse = (method, path, body) => {
        if (
          method === "POST" &&
          path.endsWith("/statefulsets") &&
          body?.spec.volumeClaimTemplates[0].metadata.name === "data-2"
        )
          throw [403, "Forbidden", "denied by a policy"];
      };
      const { code, message } = await run(templated);
      assert.equal(code, 3);
      assert.match(message ?? "", /denied by a policy\. The service is back on data-redis-0\.$/);
      const { spec, metadata } = cluster.get(statefulSet);
      assert.deepEqual(
        [spec.volumeClaimTemplates[0].metadata.name, spec.replicas, metadata.annotations],
        ["data", 1, {}],
      );
    });

    it("touches no StatefulSet that would take its claims along", async () => {
      const { metadata, spec } = cluster.get(statefulSet);
      cluster.put(statefulSet, {
        metadata,
        spec: { ...spec, persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete" } },
      });
      assert.match(
        (await run(templated)).message ?? "",
        /deletes its claims when it is deleted .* set whenDeleted to Retain\. The service is back on data-redis-0\.$/,
      );
      assert.ok(!cluster.changes.includes(`DELETE ${statefulSet}`));
    });
  });
});
