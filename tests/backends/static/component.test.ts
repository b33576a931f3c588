import { unguarded } from "../../unguarded";
import { backendTypes } from "../../../backends/catalogue";
import assert from "node:assert/strict";
import { createServices } from "../../../components/services";
import { Storage } from "../../../components/storage";
import { settle } from "../../../plan/cluster";
import { planOf } from "../../stack";
import { names, one, record, type Recorded } from "../../components/recorded";

const config = `config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends:
    made:
      type: static
      volumes:
        local-ai-system/redis-data: { node: worker-1, path: /data/redis, size: 5Gi }
        qdrant-data: pv-7
        unused: { node: worker-1, path: /data/none, size: 1Gi }
    scratch: { type: ephemeral, allowDataLoss: a test }
  cluster-storage:services:
    redis: { size: 1Gi, backend: made }
    qdrant: { size: 1Gi, backend: made }
    searxng: { size: 100Mi, backend: scratch }`;

function create(): Promise<Recorded[]> {
  const { plan, faults } = planOf(config);
  assert.deepEqual(faults, []);
  const settled = settle(plan, { classes: [], claims: [] } as never).plan;
  return record((opts) => {
    const storage = new Storage("storage", { ...settled, types: backendTypes }, opts);
    createServices({ ...settled, storage, ...unguarded }, opts);
  });
}

describe("StaticVolumes", () => {
  let all: Recorded[];
  before(async function () {
    this.timeout(30_000);
    all = await create();
  });

  it("make a volume of a directory for its claim alone, kept with the data", () => {
    const { inputs, opts } = one(all, "PersistentVolume", "local-ai-system-redis-data");
    assert.deepEqual(inputs.spec, {
      capacity: { storage: "5Gi" },
      accessModes: ["ReadWriteOnce"],
      volumeMode: "Filesystem",
      persistentVolumeReclaimPolicy: "Retain",
      storageClassName: "",
      claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", namespace: "local-ai-system", name: "redis-data" },
      local: { path: "/data/redis" },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [
            { matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: ["worker-1"] }] },
          ],
        },
      },
    });
    assert.deepEqual([opts.protect, opts.retainOnDelete], [true, true]);
  });

  it("make none of a volume that is there, and none that no claim takes", () => {
    assert.deepEqual(names(all, "PersistentVolume"), ["local-ai-system-redis-data"]);
  });

  it("are named by their claims, which have the explicit empty class and aren't waited for", () => {
    for (const [claim, volume] of [
      ["redis-data", "local-ai-system-redis-data"],
      ["qdrant-data", "pv-7"],
    ] as const) {
      const { spec, metadata } = one(all, "PersistentVolumeClaim", claim).inputs;
      assert.deepEqual(
        [spec.storageClassName, spec.volumeName, metadata.annotations["pulumi.com/skipAwait"]],
        ["", volume, "true"],
      );
    }
  });
});

describe("an ephemeral volume", () => {
  it("has no claim, and a directory of its size in the pod", async function () {
    this.timeout(30_000);
    const all = await create();
    assert.deepEqual(names(all, "PersistentVolumeClaim"), ["qdrant-data", "redis-data"]);
    const { volumes, containers } = one(all, "Deployment", "searxng").inputs.spec.template.spec;
    assert.deepEqual(
      volumes.find(({ name }: { name: string }) => name === "searxng-data"),
      { name: "searxng-data", emptyDir: { sizeLimit: "100Mi" } },
    );
    assert.ok(containers[0].volumeMounts.some(({ name }: { name: string }) => name === "searxng-data"));
  });
});
