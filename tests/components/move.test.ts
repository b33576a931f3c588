import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { moverFile } from "../../components/mover-programs";
import { root } from "../stack";
import { deployConfig } from "./deployed";
import { generated, names, one, secretOf, type Recorded } from "./recorded";

const header = `config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:mover: { image: "mover:1" }
  cluster-storage:backends:
    local-path: { type: local-path, path: /opt/volumes, default: true }
    fast: { type: local-path, path: /opt/fast }
  cluster-storage:services:
`;

const deploy = (services: string) => deployConfig(`${header}    ${services}\n`);

const dependencies = ({ opts }: Recorded) =>
  ([opts.dependsOn ?? []].flat() as unknown as { __name: string }[]).map(({ __name }) => __name);
const instructions = (job: Recorded) =>
  JSON.parse(job.inputs.spec.template.spec.containers[0].env[0].value) as Record<string, unknown>;

describe("a move", () => {
  it("is not there for a volume that never moved", async () => {
    const all = await deploy("redis: { size: 1Gi }");
    assert.deepEqual(names(all, "Job"), []);
    assert.deepEqual(names(all, "Role"), ["local-path-provisioner", "fast-provisioner"].sort());
  });

  it("takes all volumes of one pod's own directories along at once, by the first one's job", async () => {
    const lines = "size: 1Gi, backend: local-path, generation: 2, kept: [{ generation: 1, size: 1Gi, backend: pod }]";
    const all = await deployConfig(
      `${header.replace("    fast:", "    pod: { type: ephemeral, allowDataLoss: a test }\n    fast:")}    ` +
        `taskflow-db: { size: 1Gi }\n    taskflow: { storage: { ${lines} }, logs: { ${lines} } }\n`,
    );
    const [storage, logs] = ["taskflow-app-storage-1-to-2", "taskflow-logs-storage-1-to-2"].map((name) =>
      one(all, "Job", name),
    );
    const others = instructions(storage!).others as Record<string, unknown>[];
    assert.deepEqual(
      others.map(({ volume, target, mounts }) => [volume, target, mounts]),
      [
        [
          "logs-storage",
          { claim: "logs-storage-2", generation: 2, accessMode: "ReadWriteOnce", size: "1Gi" },
          [{ path: "/app/logs" }],
        ],
      ],
    );
    const { containers, volumes } = storage!.inputs.spec.template.spec;
    assert.deepEqual(containers[0].volumeMounts.slice(1), [
      { name: "target", mountPath: "/target" },
      { name: "target-logs-storage", mountPath: "/target-logs-storage" },
    ]);
    assert.deepEqual(
      volumes.slice(1).map(({ persistentVolumeClaim }: { persistentVolumeClaim: object }) => persistentVolumeClaim),
      [{ claimName: "app-storage-2" }, { claimName: "logs-storage-2" }],
    );
    assert.equal(instructions(logs!).others, undefined);
    assert.ok(dependencies(logs!).includes("taskflow-app-storage-1-to-2"));
  });

  describe("of a Deployment's volume", () => {
    let all: Recorded[];
    before(
      async () =>
        (all = await deploy(
          "redis: { size: 2Gi, backend: fast, generation: 2, kept: [{ generation: 1, size: 1Gi, class: local-path }] }",
        )),
    );

    it("has both claims, protected and kept", () => {
      assert.deepEqual(names(all, "PersistentVolumeClaim"), ["redis-data", "redis-data-2"]);
      for (const name of ["redis-data", "redis-data-2"]) {
        const { opts } = one(all, "PersistentVolumeClaim", name);
        assert.deepEqual([opts.protect, opts.retainOnDelete], [true, true]);
      }
    });

    it("comes before the workload, which then has the new claim under the name that it had", () => {
      const workload = one(all, "Deployment", "redis");
      assert.ok(dependencies(workload).includes("redis-redis-data-1-to-2"));
      assert.deepEqual(workload.inputs.spec.template.spec.volumes[0], {
        name: "redis-data",
        persistentVolumeClaim: { claimName: "redis-data-2" },
      });
      assert.equal(workload.inputs.metadata.annotations["pulumi.com/patchForce"], "true");
    });

    it("is a job that knows what it moves, and nothing that changes from run to run", () => {
      const job = one(all, "Job", "redis-redis-data-1-to-2");
      assert.equal(job.inputs.metadata.annotations["pulumi.com/replaceUnready"], "true");
      assert.deepEqual(job.opts.customTimeouts, { create: "24h", update: "24h" });
      assert.deepEqual(instructions(job), {
        kind: "copy",
        job: "redis-data-1-to-2",
        service: "redis",
        namespace: "local-ai-system",
        workload: { kind: "Deployment", name: "redis" },
        volume: "redis-data",
        source: { claim: "redis-data", generation: 1, accessMode: "ReadWriteOnce", size: "1Gi" },
        target: { claim: "redis-data-2", generation: 2, accessMode: "ReadWriteOnce", size: "2Gi" },
        replace: false,
        identity: { uid: 999, gid: 999 },
        graceSeconds: 60,
        image: "mover:1",
        scripts: "redis-move",
        owner: "cluster-storage/test",
      });
    });

    it("mounts no data itself, and may touch this service's objects only", () => {
      const pod = one(all, "Job", "redis-redis-data-1-to-2").inputs.spec.template.spec;
      assert.deepEqual(pod.volumes, [{ name: "mover", configMap: { name: "redis-move" } }]);
      assert.deepEqual(
        [pod.serviceAccountName, pod.automountServiceAccountToken, pod.securityContext.runAsNonRoot],
        ["redis-move", true, true],
      );
      const rules = one(all, "Role", "redis-move").inputs.rules as {
        resources: string[];
        resourceNames?: string[];
        verbs: string[];
      }[];
      const named = Object.fromEntries(
        rules.map(({ resources, resourceNames = [], verbs }) => [resources.join(), [resourceNames, verbs]]),
      );
      assert.deepEqual(named.deployments, [["redis"], ["get", "patch"]]);
      assert.deepEqual(named.persistentvolumeclaims, [
        ["redis-data-2", "redis-data"],
        ["get", "patch"],
      ]);
      assert.ok(!("pods/exec" in named) && !("secrets" in named));
    });

    it("has every program of mover/ at hand", () => {
      const data = one(all, "ConfigMap", "redis-move").inputs.data as Record<string, string>;
      const onlyTypes = ["copy/source.ts", "orchestrate/objects.ts"];
      const files = readdirSync(join(root, "mover"), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".ts") && !onlyTypes.includes(file))
        .map((file) => moverFile(`mover/${file.slice(0, -".ts".length)}`));
      const ofModel = ["model.metadata.mjs", "model.spill.mjs"];
      assert.deepEqual(Object.keys(data), [...files, ...ofModel].sort());
      for (const text of Object.values(data))
        for (const [, name = ""] of text.matchAll(/(?:from|new URL\() ?"\.\/([^"]+)"/g))
          assert.ok(name in data, `${name} is imported, and not there`);
    });
  });

  describe("from one node's disk to another's", () => {
    let all: Recorded[];
    before(
      async () =>
        (all = await deploy("redis: { size: 2Gi, node: node-2, generation: 2, kept: [{ generation: 1, size: 1Gi }] }")),
    );

    it("tells the job where the volume is made, and what its pods know each other by", () => {
      const { target, across } = instructions(one(all, "Job", "redis-redis-data-1-to-2"));
      assert.deepEqual(target, {
        claim: "redis-data-2",
        generation: 2,
        accessMode: "ReadWriteOnce",
        size: "2Gi",
        node: "node-2",
      });
      assert.deepEqual(across, { secret: "redis-move", key: "redis-data-1-to-2", port: 7411 });
    });

    it("has a secret key for each such job, which nothing keeps", () => {
      const secret = one(all, "Secret", "redis-move");
      assert.deepEqual(secretOf(secret.inputs.stringData), {
        "redis-data-1-to-2": generated("redis-move-redis-data-1-to-2"),
      });
      assert.deepEqual([secret.opts.protect, secret.opts.retainOnDelete], [undefined, undefined]);
      assert.equal(one(all, "RandomPassword", "redis-move-redis-data-1-to-2").inputs.length, 64);
    });

    it("lets the move's own pods through to each other on one port, and no others", () => {
      const podSelector = { matchLabels: { "app.kubernetes.io/name": "redis-move" } };
      const ports = [{ protocol: "TCP", port: 7411 }];
      assert.deepEqual(one(all, "NetworkPolicy", "redis-move-across").inputs.spec, {
        podSelector,
        policyTypes: ["Ingress", "Egress"],
        ingress: [{ from: [{ podSelector }], ports }],
        egress: [{ to: [{ podSelector }], ports }],
      });
    });

    it("begins when all that is there", () => {
      const job = dependencies(one(all, "Job", "redis-redis-data-1-to-2"));
      assert.deepEqual(
        ["redis-move", "redis-move-across"].filter((name) => !job.includes(name)),
        [],
      );
    });
  });

  it("to another node takes all volumes of the pod along at once, by the first one's job", async () => {
    const lines = "size: 1Gi, node: node-2, generation: 2, kept: [{ generation: 1, size: 1Gi }]";
    const all = await deploy(`taskflow: { storage: { ${lines} }, logs: { ${lines} } }\n    taskflow-db: { size: 1Gi }`);
    const [storage, logs] = ["taskflow-app-storage-1-to-2", "taskflow-logs-storage-1-to-2"].map((name) =>
      instructions(one(all, "Job", name)),
    );
    const end = { accessMode: "ReadWriteOnce", size: "1Gi" };
    assert.deepEqual(storage!.together, [
      {
        volume: "logs-storage",
        source: { claim: "logs-storage", generation: 1, ...end },
        target: { claim: "logs-storage-2", generation: 2, ...end, node: "node-2" },
        replace: false,
      },
    ]);
    assert.deepEqual([logs!.together, (logs!.across as { key: string }).key], [undefined, "logs-storage-1-to-2"]);
  });

  it("on one node has neither a key nor a way between its pods", async () => {
    const all = await deploy(
      "redis: { size: 2Gi, backend: fast, generation: 2, kept: [{ generation: 1, size: 1Gi, class: local-path }] }",
    );
    assert.deepEqual(
      [
        names(all, "NetworkPolicy").includes("redis-move-across"),
        names(all, "Secret").includes("redis-move"),
        names(all, "RandomPassword").some((name) => name.startsWith("redis-move")),
      ],
      [false, false, false],
    );
  });

  it("of a set's template makes the set anew, with the next template", async () => {
    const all = await deploy(
      "taskflow-db: { size: 1Gi, backend: fast, generation: 2, kept: [{ generation: 1, size: 1Gi }] }",
    );
    const set = one(all, "StatefulSet", "taskflow-db");
    assert.equal(set.inputs.spec.volumeClaimTemplates[0].metadata.name, "postgres-data-2");
    assert.equal(set.inputs.spec.template.spec.containers[0].volumeMounts[0].name, "postgres-data-2");
    assert.deepEqual(instructions(one(all, "Job", "taskflow-db-postgres-data-1-to-2")).template, {
      from: "postgres-data",
      to: "postgres-data-2",
    });
    const rules = one(all, "Role", "taskflow-db-move").inputs.rules as { resources: string[]; verbs: string[] }[];
    assert.deepEqual(
      rules.filter(({ resources }) => resources.includes("statefulsets")).map(({ verbs }) => verbs),
      [["get", "patch", "delete"], ["create"]],
    );
  });

  it("of two volumes of one service is made one after the other", async () => {
    const kept = "generation: 2, kept: [{ generation: 1, size: 1Gi }]";
    const all = await deploy(
      `taskflow: { storage: { size: 1Gi, backend: fast, ${kept} }, logs: { size: 1Gi, backend: fast, ${kept} ` +
        `} }\n    taskflow-db: { size: 1Gi }`,
    );
    assert.deepEqual(names(all, "Job"), ["taskflow-app-storage-1-to-2", "taskflow-logs-storage-1-to-2"]);
    assert.ok(dependencies(one(all, "Job", "taskflow-logs-storage-1-to-2")).includes("taskflow-app-storage-1-to-2"));
  });

  it("needs no workload: a service that doesn't run has its data moved all the same", async () => {
    const all = await deploy(
      "redis: { size: 1Gi, run: false, backend: fast, generation: 2, kept: [{ generation: 1, size: 1Gi }] }",
    );
    assert.deepEqual(
      [names(all, "Job"), names(all, "Deployment").includes("redis")],
      [["redis-redis-data-1-to-2"], false],
    );
  });
});
