import assert from "node:assert/strict";
import { deploy } from "./deployed";
import { generated, type Loose, names, one, secretOf } from "./recorded";

describe("Taskflow", () => {
  const taskflow = "    taskflow-db: { size: 1Gi }\n    taskflow: { storage: { size: 1Gi }, logs: { size: 1Gi }";

  it("mounts storage and logs, and no files unless asked for", async () => {
    const all = await deploy(`${taskflow} }`);
    const mounts = one(all, "Deployment", "taskflow").inputs.spec.template.spec.containers[0].volumeMounts;
    assert.deepEqual(
      mounts.map(({ name, mountPath }: Record<string, string>) => `${name} ${mountPath}`),
      ["app-storage /data", "logs-storage /app/logs", "scratch-0 /tmp"],
    );
    assert.deepEqual(names(all, "CronJob"), []);
  });

  it("logs in as a role of its own, and doesn't know the password of the server's administrator", async () => {
    const all = await deploy(`${taskflow} }`);
    const { containers, initContainers } = one(all, "Deployment", "taskflow").inputs.spec.template.spec;
    assert.deepEqual(containers[0].env.slice(-4), [
      { name: "DATABASE_HOST", value: "taskflow-db.taskflow.svc.cluster.local" },
      { name: "DATABASE_NAME", value: "taskflow_db" },
      { name: "DATABASE_USER", value: "taskflow_app" },
      { name: "DATABASE_PASSWORD", valueFrom: { secretKeyRef: { name: "taskflow", key: "database-password" } } },
    ]);
    assert.ok(initContainers[0].env.some(({ name, value }: Loose) => name === "PGUSER" && value === "taskflow_app"));
    assert.deepEqual(secretOf(one(all, "Secret", "taskflow").inputs.stringData), {
      "database-password": generated("taskflow-database-password"),
    });
    const pod = JSON.stringify(one(all, "Deployment", "taskflow").inputs);
    assert.ok(!pod.includes('"db-password"') && !pod.includes('"taskflow-db","key"'), pod);
  });

  it("has the database of an earlier version given to that role before it can log in; others' is refused", async () => {
    const all = await deploy(`${taskflow} }\n    postgres: { size: 1Gi }\n    n8n: { size: 1Gi }`);
    const script = (name: string) => one(all, "Job", name).inputs.spec.template.spec.containers[0].command[2] as string;
    const own = script("taskflow-db-database-taskflow-db");
    const order = ["create role", '\\connect :"name"', "commit;", "create database", "login password"].map((part) =>
      own.indexOf(part),
    );
    assert.ok(
      order.every((at, i) => at > (order[i - 1] ?? 0)),
      order.join(" "),
    );
    assert.ok(!script("postgres-database-n8n").includes("connect"));
    assert.ok(script("postgres-database-n8n").includes("raise exception"));
  });

  it("cleans old files up, from the file claim alone and without a network", async () => {
    const all = await deploy(`${taskflow}, files: { size: 1Gi, cleanup: { olderThan: 30d } } }`);
    const { spec } = one(all, "CronJob", "taskflow-cleanup").inputs;
    assert.equal(spec.schedule, "0 3 * * *");
    const pod = spec.jobTemplate.spec.template.spec;
    assert.deepEqual(pod.containers[0].command.slice(0, 3), ["node", "--input-type=module", "--eval"]);
    assert.deepEqual(pod.containers[0].args, ["remove", "/files", "30"]);
    assert.equal(pod.containers[0].image, "node:22.23.3-bookworm-slim");
    assert.deepEqual(pod.volumes, [{ name: "files", persistentVolumeClaim: { claimName: "file-storage" } }]);
    assert.deepEqual(
      names(all, "NetworkPolicy").filter((name) => name.includes("cleanup")),
      [],
    );
  });
});
