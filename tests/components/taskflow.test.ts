import assert from "node:assert/strict";
import { deploy } from "./deployed";
import { names, one } from "./recorded";

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
