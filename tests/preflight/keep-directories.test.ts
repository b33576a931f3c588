import assert from "node:assert/strict";
import type { AskOptions } from "../../kube/api";
import { keepDirectories } from "../../preflight/keep-directories";
import { stack } from "./cluster";

const { plan } = stack(
  {
    disk: { type: "local-path", path: "/var/mnt/disk", default: true },
    scratch: { type: "ephemeral", allowDataLoss: "a test" },
  },
  {
    redis: { size: "1Gi", backend: "scratch", generation: 2, kept: [{ generation: 1, size: "1Gi", backend: "disk" }] },
    searxng: { size: "1Gi" },
  },
);
const path = `/apis/apps/v1/namespaces/${plan.services[0]!.namespace}/deployments/redis`;
const spec = (image: string) => ({
  initContainers: [{ name: "bring-redis-data" }],
  containers: [{ name: "redis", image }],
  volumes: [{ name: "redis-data", emptyDir: {} }],
});
const workload = (image: string) => ({
  metadata: {
    managedFields: [
      { manager: "node-fetch", operation: "Update" },
      { manager: "pulumi-kubernetes-1a2b", operation: "Apply" },
    ],
  },
  spec: { template: { metadata: { annotations: { "cluster-storage/secrets": "abc" } }, spec: spec(image) } },
});

/** What the API was asked, and the faults. */
async function look(answers: [number, object][]) {
  const asked: [string, AskOptions | undefined][] = [];
  const secrets: (string | undefined)[] = [];
  const api = {
    server: "",
    ask: (to: string, options?: AskOptions) => {
      const [status, body] = answers[asked.length] ?? assert.fail(to);
      asked.push([to, options]);
      return Promise.resolve({ status, body: JSON.stringify(body) });
    },
  };
  const faults = await keepDirectories(api, plan, (_service, mark) => {
    secrets.push(mark);
    return { spec: { replicas: 1 } };
  });
  return { asked, secrets, faults };
}

describe("the look at pods that have data, before an update", () => {
  it("asks for a dry run of what the update sends, by its field manager, with the passwords as they are", async () => {
    const { asked, secrets, faults } = await look([
      [200, workload("redis:7")],
      [200, workload("redis:7")],
    ]);
    assert.deepEqual(asked, [
      [path, undefined],
      [
        `${path}?fieldManager=pulumi-kubernetes-1a2b&force=true&dryRun=All`,
        {
          method: "APPLY",
          body: {
            apiVersion: "apps/v1",
            kind: "Deployment",
            metadata: { name: "redis", namespace: plan.services[0]!.namespace },
            spec: { replicas: 1 },
          },
        },
      ],
    ]);
    assert.deepEqual(secrets, ["abc"]);
    assert.deepEqual(faults, []);
  });

  it("refuses what would replace such a pod, and what the cluster doesn't take", async () => {
    const changed = await look([
      [200, workload("redis:7")],
      [200, workload("redis:8")],
    ]);
    assert.match(
      changed.faults[0]!.message,
      /^this update would replace the pod of redis \(by containers\.redis\.image/,
    );
    const refused = await look([
      [200, workload("redis:7")],
      [422, { message: "Invalid value" }],
    ]);
    assert.match(refused.faults[0]!.message, / can't be told \(the cluster answers 422: Invalid value\); /);
  });

  it("asks for nothing more where there is no workload yet", async () =>
    assert.deepEqual((await look([[404, {}]])).faults, []));
});
