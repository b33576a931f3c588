import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { moverFile } from "../../components/mover-programs";
import { root } from "../stack";
import { deployConfig } from "./deployed";
import { dependencies, deploy, header, instructions } from "./moved";
import { names, one, type Recorded } from "./recorded";

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
          { claim: "logs-storage-2", generation: 2, accessMode: "ReadWriteOnce" },
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
        target: { claim: "redis-data-2", generation: 2, accessMode: "ReadWriteOnce" },
        replace: false,
        identity: { uid: 999, gid: 999 },
        graceSeconds: 60,
        image: "mover:1",
        scripts: "redis-move",
        owner: "cluster-storage/test",
      });
    });

    it("fails at once, for a reason that Pulumi's plugin knows, and not for what befalls its pod from outside", () => {
      const { backoffLimit, podFailurePolicy, template } = one(all, "Job", "redis-redis-data-1-to-2").inputs.spec;
      assert.equal(backoffLimit, 0);
      assert.equal(template.spec.restartPolicy, "Never");
      assert.deepEqual(podFailurePolicy, {
        rules: [
          { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] },
          { action: "Ignore", onExitCodes: { containerName: "move", operator: "In", values: [137, 143, 255] } },
        ],
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

    it("has every program of mover/ at hand but the backups' own", () => {
      const data = one(all, "ConfigMap", "redis-move").inputs.data as Record<string, string>;
      // The clean-up's program is an argument of its pod, and some files have types only.
      const left = ["copy/source.ts", "orchestrate/objects.ts", "clean/main.ts", "leave/leaving.ts"];
      const ofBackups = /^backup\/(prepare|read-manifest|repository|restic|sftp)\.ts$/;
      const files = readdirSync(join(root, "mover"), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".ts") && !left.includes(file))
        .filter((file) => !/^(backup|care|metrics|repository)\//.test(file) || ofBackups.test(file))
        .map((file) => moverFile(`mover/${file.slice(0, -".ts".length)}`));
      const ofModel = [
        ...["backup", "copy-amounts", "engine-version", "image-name", "metadata", "move-exit", "mover-version"],
        ...["quantity", "restic-pod", "restore", "retention", "sftp", "spill", "version-change"],
      ];
      const expected = [...files, ...ofModel.map((file) => `model.${file}.mjs`), "version"];
      assert.deepEqual(Object.keys(data).sort(), expected.sort());
      for (const text of Object.values(data))
        for (const [, name = ""] of text.matchAll(/(?:from|new URL\() ?"\.\/([^"]+)"/g))
          assert.ok(name in data, `${name} is imported, and not there`);
    });
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
    assert.deepEqual(names(all, "Job"), [
      "taskflow-app-storage-1-to-2",
      "taskflow-db-database-taskflow-db",
      "taskflow-logs-storage-1-to-2",
    ]);
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
