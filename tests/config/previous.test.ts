import assert from "node:assert/strict";
import { readLastUpdate } from "../../config/previous";

describe("what the state has of the last update", () => {
  const urn = (type: string, name: string) => `urn:pulumi:dev::cluster-storage::${type}::${name}`;
  const service = "cluster-storage:index:StatefulService";
  const step = "cluster-storage:index:NodeStep";
  const stack = "pulumi:pulumi:Stack";

  it("is the cluster that it went to, and each service's claims and passwords", () =>
    assert.deepEqual(
      readLastUpdate({
        [urn(stack, "cluster-storage-dev")]: { type: stack, outputs: { cluster: { uid: "uid-of-cluster" } } },
        [urn(service, "redis")]: { type: service, outputs: { claims: { "cache/redis-data": "uid-1" }, rotation: 3 } },
        [urn(service, "n8n")]: { type: service, outputs: { claims: { "apps/n8n-data": "uid-2" } } },
        [urn(step, "worker-1-volume-data")]: {
          type: step,
          outputs: { node: "worker-1", step: "volume-data", type: "talos", line: { minSize: "1Gi" }, round: 1 },
        },
        [urn(step, "worker-1-begun")]: { type: step, outputs: {} },
        [urn(service, "older")]: { type: service, outputs: {} },
        [urn("kubernetes:core/v1:Namespace", "apps")]: { type: "kubernetes:core/v1:Namespace", outputs: {} },
      }),
      {
        deployedTo: "uid-of-cluster",
        known: { "cache/redis-data": "uid-1", "apps/n8n-data": "uid-2" },
        rotations: { redis: 3 },
        nodeSteps: { "worker-1": { "volume-data": { type: "talos", line: { minSize: "1Gi" }, round: 1 } } },
      },
    ));

  it("is nothing before the first update", () =>
    assert.deepEqual(readLastUpdate({}), { deployedTo: undefined, known: {}, rotations: {}, nodeSteps: {} }));
});
