import assert from "node:assert/strict";
import { deploy } from "./deployed";
import { generated, one, secretOf } from "./recorded";

describe("StatefulService", () => {
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
      assert.deepEqual(set.inputs.spec.volumeClaimTemplates, [
        {
          metadata: { name: "postgres-data" },
          spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "7Gi" } } },
        },
      ]);
      assert.deepEqual(set.inputs.spec.persistentVolumeClaimRetentionPolicy, {
        whenDeleted: "Retain",
        whenScaled: "Retain",
      });
      assert.deepEqual(set.opts.ignoreChanges, ["spec.volumeClaimTemplates[0].spec"]);
      assert.ok(set.inputs.spec.template.spec.volumes.every(({ name }: { name: string }) => name !== "postgres-data"));
    });

    it("takes user and password from its Secret, the password as a file", async () => {
      const all = await deploy("    taskflow-db: { size: 1Gi }");
      assert.deepEqual(secretOf(one(all, "Secret", "taskflow-db").inputs.stringData), {
        "db-user": "taskflow",
        "db-password": generated("taskflow-db-db-password"),
      });
      const pod = one(all, "StatefulSet", "taskflow-db").inputs.spec.template.spec;
      assert.deepEqual(pod.containers[0].env.slice(-2), [
        { name: "POSTGRES_USER", valueFrom: { secretKeyRef: { name: "taskflow-db", key: "db-user" } } },
        { name: "POSTGRES_PASSWORD_FILE", value: "/run/secrets/taskflow-db/db-password" },
      ]);
      assert.deepEqual(pod.volumes.slice(-2), [
        { name: "credentials", secret: { secretName: "taskflow-db", defaultMode: 0o440 } },
        { name: "shm", emptyDir: { medium: "Memory", sizeLimit: "128Mi" } },
      ]);
    });
  });
});
