import assert from "node:assert/strict";
import { deploy } from "./deployed";
import { dependencies, generated, names, one, type Recorded } from "./recorded";

const component = "cluster-storage:index:StatefulService";

describe("StatefulService", () => {
  describe("a Deployment with one claim", () => {
    let all: Recorded[];
    before(async () => (all = await deploy("    redis: { size: 3Gi, class: local-path }")));

    it("has exactly these objects of its own", () => {
      const own = all
        .filter(({ parent }) => parent === `${component} redis`)
        .map(({ type, name }) => `${type.split(":").at(-1)} ${name}`);
      assert.deepEqual(own.sort(), [
        "Credentials redis",
        "Deployment redis",
        "NetworkPolicy redis",
        "PersistentVolumeClaim redis-data",
        "Service redis",
        "ServiceAccount redis",
      ]);
    });

    it("claims what the config says, marked with the stack and the owner of its files", () => {
      const { inputs } = one(all, "PersistentVolumeClaim", "redis-data");
      assert.deepEqual(inputs.spec, {
        accessModes: ["ReadWriteOnce"],
        resources: { requests: { storage: "3Gi" } },
        storageClassName: "local-path",
      });
      assert.equal(inputs.metadata.name, "redis-data");
      assert.equal(inputs.metadata.namespace, "local-ai-system");
      assert.deepEqual(inputs.metadata.annotations, {
        "cluster-storage/stack": "cluster-storage/test",
        "cluster-storage/uid": "999",
        "cluster-storage/gid": "999",
        "cluster-storage/mode": "2770",
        "pulumi.com/patchForce": "true",
      });
    });

    it("protects and keeps what can't be made again, and nothing else", () => {
      const kept = all.filter(({ opts }) => opts.protect).map(({ type, name }) => `${type.split(":").at(-1)} ${name}`);
      assert.deepEqual(kept.sort(), [
        "Namespace local-ai-system",
        "PersistentVolumeClaim redis-data",
        "RandomPassword redis-password",
        "Secret redis",
      ]);
      const retained = all
        .filter(({ opts }) => opts.retainOnDelete)
        .map(({ type, name }) => `${type.split(":").at(-1)} ${name}`);
      assert.deepEqual(retained.sort(), [
        "Namespace local-ai-system",
        "PersistentVolumeClaim redis-data",
        "Secret redis",
      ]);
    });

    it("gives the volume to one pod at a time", () => {
      const { spec } = one(all, "Deployment", "redis").inputs;
      assert.equal(spec.replicas, 1);
      assert.deepEqual(spec.strategy, { type: "Recreate" });
      assert.deepEqual(spec.template.spec.volumes[0], {
        name: "redis-data",
        persistentVolumeClaim: { claimName: "redis-data" },
      });
      assert.deepEqual(spec.template.spec.containers[0].volumeMounts, [
        { name: "redis-data", mountPath: "/data" },
        { name: "scratch-0", mountPath: "/tmp" },
      ]);
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
      assert.deepEqual(pod.containers[0].securityContext, {
        allowPrivilegeEscalation: false,
        capabilities: { drop: ["ALL"] },
        readOnlyRootFilesystem: true,
      });
      assert.equal(pod.enableServiceLinks, false);
      assert.equal(pod.automountServiceAccountToken, false);
      assert.equal(
        one(all, "Namespace", "local-ai-system").inputs.metadata.labels["pod-security.kubernetes.io/enforce"],
        "restricted",
      );
    });

    it("takes its password from a Secret, and starts again when that changes", () => {
      const { spec, metadata } = one(all, "Deployment", "redis").inputs.spec.template;
      assert.deepEqual(spec.containers[0].env, [
        { name: "REDISCLI_AUTH", valueFrom: { secretKeyRef: { name: "redis", key: "password" } } },
        { name: "REDIS_MAXMEMORY", value: "322122547" },
      ]);
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

    it("has its claim made once the classes are there, and gone before what deletes its volume", () => {
      assert.deepEqual(dependencies(one(all, "PersistentVolumeClaim", "redis-data")), [
        "Namespace local-ai-system",
        "StorageClasses classes",
        "Command local-path-volumes",
      ]);
    });

    it("waits for its claim, its credentials and what lets it talk", () => {
      const kinds = dependencies(one(all, "Deployment", "redis")).map((name) => name.split(" ")[0]);
      for (const kind of ["Namespace", "PersistentVolumeClaim", "ServiceAccount", "NetworkPolicy", "Secret"])
        assert.ok(kinds.includes(kind), kind);
    });
  });

  describe("classes", () => {
    it("a claim without a class leaves it to the cluster's default", async () => {
      const { spec } = one(await deploy("    redis: { size: 1Gi }"), "PersistentVolumeClaim", "redis-data").inputs;
      assert.ok(!("storageClassName" in spec));
    });

    it("an empty class stays, for static volumes only", async () => {
      const { spec } = one(
        await deploy('    redis: { size: 1Gi, class: "" }'),
        "PersistentVolumeClaim",
        "redis-data",
      ).inputs;
      assert.equal(spec.storageClassName, "");
    });
  });

  describe("run: false", () => {
    it("has nothing that clears up: files of a service that rests are all old one day", async () => {
      const all = await deploy(
        "    taskflow-db: { size: 1Gi }\n    taskflow: { storage: { size: 1Gi }, logs: { size: 1Gi }, files: " +
          "{ size: 1Gi, cleanup: { olderThan: 30d } }, run: false }",
      );
      assert.deepEqual(names(all, "CronJob"), []);
      assert.ok(names(all, "PersistentVolumeClaim").includes("file-storage"));
    });

    it("keeps claims, namespace and secrets, and has nothing that runs", async () => {
      const all = await deploy("    postgres: { size: 1Gi, run: false }\n    n8n: { size: 1Gi, run: false }");
      assert.deepEqual(names(all, "PersistentVolumeClaim"), ["n8n-data", "postgres-data"]);
      assert.deepEqual(names(all, "Secret"), ["n8n", "postgres"]);
      assert.deepEqual(names(all, "RandomPassword"), [
        "checksum-key",
        "n8n-database-password",
        "n8n-encryption-key",
        "postgres-password",
      ]);
      for (const kind of ["Deployment", "StatefulSet", "Service", "Job", "ServiceAccount"])
        assert.deepEqual(
          names(all, kind).filter((name) => !name.startsWith("local-path")),
          [],
        );
    });
  });

  describe("protect: false", () => {
    it("protects and keeps nothing", async () => {
      const all = await deploy("    redis: { size: 1Gi, protect: false }");
      assert.deepEqual(
        all.filter(({ opts }) => opts.protect || opts.retainOnDelete).map(({ name }) => name),
        [],
      );
    });

    it("still protects a namespace that another service's data is in", async () => {
      const all = await deploy("    qdrant: { size: 1Gi, protect: false }\n    neo4j: { size: 1Gi }");
      assert.equal(one(all, "Namespace", "local-ai-data").opts.protect, true);
      assert.equal(one(all, "PersistentVolumeClaim", "qdrant-data").opts.protect, false);
    });
  });
});
