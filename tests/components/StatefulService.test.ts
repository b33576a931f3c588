import assert from "node:assert/strict";
import { createServices } from "../../components/Services";
import { Storage } from "../../components/Storage";
import { committedStacks, planOf } from "../stack";
import { generated, names, one, record, secretOf, type Recorded } from "./recorded";

const header = `
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends: { local-path: { type: local-path, path: /opt/volumes, default: true } }
`;

function deploy(services: string): Promise<Recorded[]> {
  return create(`config:\n${header}  cluster-storage:services:\n${services}`);
}

function create(yaml: string): Promise<Recorded[]> {
  const { plan, faults } = planOf(yaml);
  assert.deepEqual(faults, []);
  return record((opts) => createServices({ ...plan, storage: new Storage("storage", plan, opts), guard: () => [] }, opts));
}

const component = "cluster-storage:index:StatefulService";

describe("StatefulService", () => {
  describe("a Deployment with one claim", () => {
    let all: Recorded[];
    before(async () => (all = await deploy("    redis: { size: 3Gi, class: local-path }")));

    it("has exactly these objects of its own", () => {
      const own = all.filter(({ parent }) => parent === `${component} redis`).map(({ type, name }) => `${type.split(":").at(-1)} ${name}`);
      assert.deepEqual(own.sort(), ["Credentials redis", "Deployment redis", "NetworkPolicy redis", "PersistentVolumeClaim redis-data", "Service redis", "ServiceAccount redis"]);
    });

    it("claims what the config says, marked with the stack and the owner of its files", () => {
      const { inputs } = one(all, "PersistentVolumeClaim", "redis-data");
      assert.deepEqual(inputs.spec, { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "3Gi" } }, storageClassName: "local-path" });
      assert.equal(inputs.metadata.name, "redis-data");
      assert.equal(inputs.metadata.namespace, "local-ai-system");
      assert.deepEqual(inputs.metadata.annotations, {
        "cluster-storage/stack": "cluster-storage/test",
        "cluster-storage/uid": "999",
        "cluster-storage/gid": "999",
        "cluster-storage/mode": "2770",
      });
    });

    it("protects and keeps what can't be made again, and nothing else", () => {
      const kept = all.filter(({ opts }) => opts.protect).map(({ type, name }) => `${type.split(":").at(-1)} ${name}`);
      assert.deepEqual(kept.sort(), ["Namespace local-ai-system", "PersistentVolumeClaim redis-data", "RandomPassword redis-password", "Secret redis"]);
      const retained = all.filter(({ opts }) => opts.retainOnDelete).map(({ type, name }) => `${type.split(":").at(-1)} ${name}`);
      assert.deepEqual(retained.sort(), ["Namespace local-ai-system", "PersistentVolumeClaim redis-data", "Secret redis"]);
    });

    it("gives the volume to one pod at a time", () => {
      const { spec } = one(all, "Deployment", "redis").inputs;
      assert.equal(spec.replicas, 1);
      assert.deepEqual(spec.strategy, { type: "Recreate" });
      assert.deepEqual(spec.template.spec.volumes[0], { name: "redis-data", persistentVolumeClaim: { claimName: "redis-data" } });
      assert.deepEqual(spec.template.spec.containers[0].volumeMounts, [{ name: "redis-data", mountPath: "/data" }, { name: "scratch-0", mountPath: "/tmp" }]);
    });

    it("satisfies Pod Security restricted, which its namespace enforces", () => {
      const pod = one(all, "Deployment", "redis").inputs.spec.template.spec;
      assert.deepEqual(pod.securityContext, {
        runAsNonRoot: true,
        runAsUser: 999,
        runAsGroup: 999,
        fsGroup: 999,
        fsGroupChangePolicy: "OnRootMismatch",
        seccompProfile: { type: "RuntimeDefault" },
      });
      assert.deepEqual(pod.containers[0].securityContext, { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] }, readOnlyRootFilesystem: true });
      assert.equal(pod.enableServiceLinks, false);
      assert.equal(pod.automountServiceAccountToken, false);
      assert.equal(one(all, "Namespace", "local-ai-system").inputs.metadata.labels["pod-security.kubernetes.io/enforce"], "restricted");
    });

    it("takes its password from a Secret, and starts again when that changes", () => {
      const { spec, metadata } = one(all, "Deployment", "redis").inputs.spec.template;
      assert.deepEqual(spec.containers[0].env, [{ name: "REDISCLI_AUTH", valueFrom: { secretKeyRef: { name: "redis", key: "password" } } }]);
      assert.match(metadata.annotations["cluster-storage/secrets"], /^[0-9a-f]{64}$/);
      assert.ok(!JSON.stringify(spec).includes(generated("redis-password")), "the password is not in the pod");
      assert.deepEqual(one(all, "RandomPassword", "redis-password").inputs, { length: 32, special: false });
    });

    it("has the recommended labels, and selects by none that may change", () => {
      const { metadata, spec } = one(all, "Deployment", "redis").inputs;
      assert.deepEqual(metadata.labels, {
        "app.kubernetes.io/name": "redis",
        "app.kubernetes.io/instance": "cluster-storage-test",
        "app.kubernetes.io/component": "cache",
        "app.kubernetes.io/part-of": "cluster-storage",
        "app.kubernetes.io/managed-by": "pulumi",
      });
      assert.deepEqual(spec.selector.matchLabels, { "app.kubernetes.io/name": "redis" });
    });

    it("waits for its claim, its credentials and what lets it talk", () => {
      const dependsOn = one(all, "Deployment", "redis").opts.dependsOn as unknown as { __name?: string; __pulumiType: string }[];
      const kinds = dependsOn.map(({ __pulumiType }) => __pulumiType.split(":").at(-1));
      for (const kind of ["Namespace", "PersistentVolumeClaim", "ServiceAccount", "NetworkPolicy", "Secret"]) assert.ok(kinds.includes(kind), kind);
    });
  });

  describe("classes", () => {
    it("a claim without a class leaves it to the cluster's default", async () => {
      const { spec } = one(await deploy("    redis: { size: 1Gi }"), "PersistentVolumeClaim", "redis-data").inputs;
      assert.ok(!("storageClassName" in spec));
    });

    it("an empty class stays, for static volumes only", async () => {
      const { spec } = one(await deploy('    redis: { size: 1Gi, class: "" }'), "PersistentVolumeClaim", "redis-data").inputs;
      assert.equal(spec.storageClassName, "");
    });
  });

  describe("a StatefulSet", () => {
    it("mounts parts of one explicit claim, so that nothing of the image is hidden", async () => {
      const all = await deploy("    qdrant: { size: 1Gi }");
      const { spec } = one(all, "StatefulSet", "qdrant").inputs;
      const mounts = spec.template.spec.containers[0].volumeMounts;
      assert.deepEqual(mounts.slice(0, 2), [
        { name: "qdrant-data", mountPath: "/qdrant/storage", subPath: "storage" },
        { name: "qdrant-data", mountPath: "/qdrant/snapshots", subPath: "snapshots" },
      ]);
      assert.ok(!("volumeClaimTemplates" in spec));
      assert.equal(spec.serviceName, "qdrant-headless");
      assert.equal(one(all, "Service", "qdrant-headless").inputs.spec.clusterIP, "None");
      assert.ok(!("clusterIP" in one(all, "Service", "qdrant").inputs.spec));
    });

    it("with a claim template has that very claim made before it, kept when the set goes", async () => {
      const all = await deploy("    taskflow-db: { size: 7Gi }");
      const claim = one(all, "PersistentVolumeClaim", "postgres-data-taskflow-db-0");
      assert.equal(claim.inputs.metadata.name, "postgres-data-taskflow-db-0");
      assert.deepEqual([claim.opts.protect, claim.opts.retainOnDelete], [true, true]);
      const set = one(all, "StatefulSet", "taskflow-db");
      assert.deepEqual(set.inputs.spec.volumeClaimTemplates, [{ metadata: { name: "postgres-data" }, spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "7Gi" } } } }]);
      assert.deepEqual(set.inputs.spec.persistentVolumeClaimRetentionPolicy, { whenDeleted: "Retain", whenScaled: "Retain" });
      assert.deepEqual(set.opts.ignoreChanges, ["spec.volumeClaimTemplates[0].spec"]);
      assert.ok(set.inputs.spec.template.spec.volumes.every(({ name }: { name: string }) => name !== "postgres-data"));
    });

    it("takes user and password from its Secret, the password as a file", async () => {
      const all = await deploy("    taskflow-db: { size: 1Gi }");
      assert.deepEqual(secretOf(one(all, "Secret", "taskflow-db").inputs.stringData), { "db-user": "taskflow", "db-password": generated("taskflow-db-db-password") });
      const pod = one(all, "StatefulSet", "taskflow-db").inputs.spec.template.spec;
      assert.deepEqual(pod.containers[0].env.slice(-2), [
        { name: "POSTGRES_USER", valueFrom: { secretKeyRef: { name: "taskflow-db", key: "db-user" } } },
        { name: "POSTGRES_PASSWORD_FILE", value: "/run/secrets/taskflow-db/db-password" },
      ]);
      assert.deepEqual(pod.volumes.at(-1), { name: "credentials", secret: { secretName: "taskflow-db", defaultMode: 0o440 } });
    });
  });

  describe("run: false", () => {
    it("keeps claims, namespace and secrets, and has nothing that runs", async () => {
      const all = await deploy("    postgres: { size: 1Gi, run: false }\n    n8n: { size: 1Gi, run: false }");
      assert.deepEqual(names(all, "PersistentVolumeClaim"), ["n8n-data", "postgres-data"]);
      assert.deepEqual(names(all, "Secret"), ["n8n", "postgres"]);
      assert.deepEqual(names(all, "RandomPassword"), ["n8n-database-password", "n8n-encryption-key", "postgres-password"]);
      for (const kind of ["Deployment", "StatefulSet", "Service", "Job", "ServiceAccount"]) assert.deepEqual(names(all, kind).filter((name) => !name.startsWith("local-path")), []);
    });
  });

  describe("protect: false", () => {
    it("protects and keeps nothing", async () => {
      const all = await deploy("    redis: { size: 1Gi, protect: false }");
      assert.deepEqual(all.filter(({ opts }) => opts.protect || opts.retainOnDelete).map(({ name }) => name), []);
    });

    it("still protects a namespace that another service's data is in", async () => {
      const all = await deploy("    qdrant: { size: 1Gi, protect: false }\n    neo4j: { size: 1Gi }");
      assert.equal(one(all, "Namespace", "local-ai-data").opts.protect, true);
      assert.equal(one(all, "PersistentVolumeClaim", "qdrant-data").opts.protect, false);
    });
  });

  describe("a service with a database of its own", () => {
    let all: Recorded[];
    before(async () => (all = await deploy("    n8n: { size: 1Gi }\n    postgres: { size: 1Gi }")));

    it("gets it by a job beside the server, whose administrator's password stays there", () => {
      const job = one(all, "Job", "postgres-database-n8n").inputs;
      assert.equal(job.metadata.namespace, "local-ai-data");
      const env = job.spec.template.spec.containers[0].env as { name: string; value?: string; valueFrom?: { secretKeyRef: object } }[];
      assert.deepEqual(env.find(({ name }) => name === "PGPASSWORD")?.valueFrom?.secretKeyRef, { name: "postgres", key: "password" });
      assert.deepEqual(env.find(({ name }) => name === "PGHOST")?.value, "postgres.local-ai-data.svc.cluster.local");
      assert.deepEqual(secretOf(one(all, "Secret", "postgres-database-n8n").inputs.stringData), { password: generated("n8n-database-password") });
      const theirs = all.filter(({ inputs }) => inputs.metadata?.namespace === "local-ai-n8n");
      assert.ok(!JSON.stringify(theirs.map(({ inputs }) => inputs)).includes(generated("postgres-password")));
    });

    it("waits until it can log in, with its own password", () => {
      const [wait] = one(all, "Deployment", "n8n").inputs.spec.template.spec.initContainers;
      assert.equal(wait.image, "postgres:17.11-bookworm");
      assert.deepEqual(wait.env.at(-1), { name: "PGPASSWORD", valueFrom: { secretKeyRef: { name: "n8n", key: "database-password" } } });
      assert.deepEqual([wait.securityContext.runAsUser, wait.securityContext.readOnlyRootFilesystem], [999, true]);
    });

    const after = (kind: string, name: string) => {
      const dependsOn = one(all, kind, name).opts.dependsOn as unknown as { __name: string; __pulumiType: string }[];
      return dependsOn.map(({ __pulumiType, __name }) => `${__pulumiType.split(":").at(-1)} ${__name}`);
    };

    it("starts after the server, and goes before it when both are destroyed; for the job its pod waits", () => {
      assert.ok(after("Deployment", "n8n").includes("StatefulService postgres"));
      assert.ok(!after("Deployment", "n8n").includes("Database postgres-database-n8n"));
    });

    it("has its job made while the server starts, once the password that it logs in with is there", () => {
      const { opts } = all.find(({ type, name }) => type === "cluster-storage:index:Database" && name === "postgres-database-n8n")!;
      const names = (opts.dependsOn as unknown as { __name: string; __pulumiType: string }[]).map(({ __pulumiType, __name }) => `${__pulumiType.split(":").at(-1)} ${__name}`);
      assert.ok(names.includes("Secret postgres"));
      assert.ok(!names.includes("StatefulService postgres"));
    });

    it("reaches the server and is let in there, on its port alone", () => {
      const out = one(all, "NetworkPolicy", "n8n").inputs.spec.egress;
      assert.deepEqual(out[1], {
        to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "local-ai-data" } }, podSelector: { matchLabels: { "app.kubernetes.io/name": "postgres" } } }],
        ports: [{ protocol: "TCP", port: 5432 }],
      });
      const into = one(all, "NetworkPolicy", "postgres").inputs.spec.ingress;
      assert.deepEqual(into, [
        {
          from: [
            { podSelector: {} },
            { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "local-ai-n8n" } }, podSelector: { matchLabels: { "app.kubernetes.io/name": "n8n" } } },
          ],
          ports: [{ protocol: "TCP", port: 5432 }],
        },
      ]);
    });
  });

  describe("Taskflow", () => {
    const taskflow = "    taskflow-db: { size: 1Gi }\n    taskflow: { storage: { size: 1Gi }, logs: { size: 1Gi }";

    it("mounts storage and logs, and no files unless asked for", async () => {
      const all = await deploy(`${taskflow} }`);
      const mounts = one(all, "Deployment", "taskflow").inputs.spec.template.spec.containers[0].volumeMounts;
      assert.deepEqual(mounts.map(({ name, mountPath }: Record<string, string>) => `${name} ${mountPath}`), ["app-storage /data", "logs-storage /app/logs", "scratch-0 /tmp"]);
      assert.deepEqual(names(all, "CronJob"), []);
    });

    it("cleans old files up, from the file claim alone and without a network", async () => {
      const all = await deploy(`${taskflow}, files: { size: 1Gi, cleanup: { olderThan: 30d } } }`);
      const { spec } = one(all, "CronJob", "taskflow-cleanup").inputs;
      assert.equal(spec.schedule, "0 3 * * *");
      const pod = spec.jobTemplate.spec.template.spec;
      assert.deepEqual(pod.containers[0].command, ["find", "/files", "-xdev", "-type", "f", "-mtime", "+30", "-print", "-delete"]);
      assert.deepEqual(pod.volumes, [{ name: "files", persistentVolumeClaim: { claimName: "file-storage" } }]);
      assert.deepEqual(names(all, "NetworkPolicy").filter((name) => name.includes("cleanup")), []);
    });
  });

  for (const [stack, yaml] of committedStacks()) {
    it(`every object of ${stack} has a fixed name and this stack's mark, and every pod is restricted`, async () => {
      const objects = (await create(yaml)).filter(({ type }) => type.startsWith("kubernetes:"));
      assert.ok(objects.length > 80);
      for (const { type, name, inputs } of objects) {
        assert.ok(inputs.metadata.name, `${type} ${name} has a name`);
        assert.equal(inputs.metadata.annotations["cluster-storage/stack"], "cluster-storage/test", `${type} ${name}`);
        const pod = inputs.spec?.template?.spec ?? inputs.spec?.jobTemplate?.spec.template.spec;
        if (!pod) continue;
        assert.equal(pod.enableServiceLinks, false, `${type} ${name}`);
        assert.equal(pod.securityContext.runAsNonRoot, true, `${type} ${name}`);
        for (const container of [...pod.containers, ...(pod.initContainers ?? [])]) {
          assert.deepEqual(container.securityContext.capabilities, { drop: ["ALL"] }, `${type} ${name}`);
          assert.ok(container.resources.limits.memory, `${type} ${name}`);
        }
      }
    });
  }
});
