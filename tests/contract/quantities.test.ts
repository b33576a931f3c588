import assert from "node:assert/strict";
import { Deployment } from "@pulumi/kubernetes/apps/v1";
import { PersistentVolumeClaim } from "@pulumi/kubernetes/core/v1";
import { canonical } from "../../model/quantity";
import { answered } from "../model/quantities";
import { find, make, uniqueName, useNamespace } from "./cluster";
import { useStack, type Program } from "./stack";

describe("quantities", () => {
  const namespace = useNamespace();
  const stack = useStack();

  it("are written by the API server as the program writes them", async () => {
    const said = await Promise.all(
      Object.keys(answered).map(async (written) => {
        const metadata = { name: uniqueName("quantity"), namespace: namespace() };
        const { spec } = await make("v1/ResourceQuota", { metadata, spec: { hard: { "limits.memory": written } } });
        return [written, (spec?.hard as Record<string, string>)["limits.memory"]] as const;
      }),
    );
    assert.deepEqual(Object.fromEntries(said), answered);
  });

  it("with a fraction that the API server keeps are sent as what it keeps too", async () => {
    const keeps = async (written: string) => {
      const metadata = { name: uniqueName("quantity"), namespace: namespace() };
      const { spec } = await make("v1/ResourceQuota", { metadata, spec: { hard: { "limits.memory": written } } });
      return (spec?.hard as Record<string, string>)["limits.memory"];
    };
    assert.equal(canonical("1.001"), "1001m");
    assert.deepEqual([await keeps("1.001"), await keeps("1001m")], ["1.001", "1001m"]);
  });

  /** A claim and a workload without a pod, with the amounts that people write. */
  const declare =
    (write: (quantity: string) => string): Program =>
    (options) => {
      const metadata = (name: string) => ({
        ...{ name, namespace: namespace() },
        annotations: { "pulumi.com/skipAwait": "true", "pulumi.com/patchForce": "true" },
      });
      const requests = { storage: write("1.5Gi") };
      const spec = { accessModes: ["ReadWriteOnce"], storageClassName: "none", resources: { requests } };
      new PersistentVolumeClaim("data", { metadata: metadata("data"), spec }, options);
      const container = {
        name: "app",
        image: "example.com/app:1",
        resources: {
          requests: { cpu: write("0.5"), memory: write("0.5Gi"), "ephemeral-storage": write("1000M") },
          limits: { cpu: write("1000m"), memory: write("1024Mi") },
        },
        volumeMounts: [{ name: "scratch", mountPath: "/tmp" }],
      };
      const volumes = [{ name: "scratch", emptyDir: { sizeLimit: write("2048Mi") } }];
      const labels = { app: "app" };
      const template = { metadata: { labels }, spec: { containers: [container], volumes } };
      const workload = { replicas: 0, selector: { matchLabels: labels }, template };
      new Deployment("app", { metadata: metadata("app"), spec: workload }, options);
    };
  const generation = async () =>
    ((await find("apps/v1/Deployment", "app", namespace()))?.metadata as { generation?: number }).generation;

  it("that a state has as a person wrote them become the program's without another pod", async () => {
    await stack().up(declare((quantity) => quantity));
    const before = await generation();
    await stack().up(declare(canonical));
    assert.equal(await generation(), before);
  });

  it("are no change at a second update, nor for a refresh, nor after it", async () => {
    const changed = (steps: Record<string, string>) => ["data", "app"].filter((name) => steps[name] !== "same");
    assert.deepEqual(changed((await stack().up(declare(canonical))).steps), []);
    const refreshed = await stack().refresh(declare(canonical));
    assert.deepEqual(
      ["data", "app"].map((name) => refreshed[name]).filter((step) => !["same", "refresh"].includes(step ?? "")),
      [],
    );
    assert.deepEqual(changed(await stack().preview(declare(canonical))), []);
  });
});
