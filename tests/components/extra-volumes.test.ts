import assert from "node:assert/strict";
import { deploy } from "./deployed";
import { one } from "./recorded";

describe("what a container has of other people's objects", () => {
  it("is mounted read-only, a Secret's files for its group, and its variables name the keys", async () => {
    const all = await deploy(
      "    redis: { size: 1Gi, shm: 128Mi, " +
        "env: { A: { secret: { name: s, key: k } }, B: { configMap: { name: c, key: k } } }, " +
        "extraVolumes: [{ path: /opt/s, secret: s }, { path: /opt/c, configMap: c, subPath: k, optional: true }] }",
    );
    const { containers, volumes } = one(all, "Deployment", "redis").inputs.spec.template.spec;
    assert.deepEqual(containers[0].env.slice(-2), [
      { name: "A", valueFrom: { secretKeyRef: { name: "s", key: "k" } } },
      { name: "B", valueFrom: { configMapKeyRef: { name: "c", key: "k" } } },
    ]);
    assert.deepEqual(volumes.slice(-3), [
      { name: "extra-0", secret: { secretName: "s", defaultMode: 0o440 } },
      { name: "extra-1", configMap: { name: "c", optional: true } },
      { name: "shm", emptyDir: { medium: "Memory", sizeLimit: "128Mi" } },
    ]);
    assert.deepEqual(containers[0].volumeMounts.slice(-3), [
      { name: "extra-0", mountPath: "/opt/s", readOnly: true },
      { name: "extra-1", mountPath: "/opt/c", readOnly: true, subPath: "k" },
      { name: "shm", mountPath: "/dev/shm" },
    ]);
  });
});
