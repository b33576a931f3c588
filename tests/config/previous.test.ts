import assert from "node:assert/strict";
import { readLastUpdate } from "../../config/previous";

describe("what the state has of the last update", () => {
  const urn = (type: string, name: string) => `urn:pulumi:dev::cluster-storage::${type}::${name}`;
  const service = "cluster-storage:index:StatefulService";
  const stack = "pulumi:pulumi:Stack";

  it("is the cluster that it went to, and each service's claims and passwords", () =>
    assert.deepEqual(
      readLastUpdate({
        [urn(stack, "cluster-storage-dev")]: { type: stack, outputs: { cluster: { uid: "uid-of-cluster" } } },
        [urn(service, "redis")]: { type: service, outputs: { claims: { "cache/redis-data": "uid-1" }, rotation: 3 } },
        [urn(service, "n8n")]: { type: service, outputs: { claims: { "apps/n8n-data": "uid-2" } } },
        [urn(service, "older")]: { type: service, outputs: {} },
        [urn("kubernetes:core/v1:Namespace", "apps")]: { type: "kubernetes:core/v1:Namespace", outputs: {} },
      }),
      {
        deployedTo: "uid-of-cluster",
        known: { "cache/redis-data": "uid-1", "apps/n8n-data": "uid-2" },
        rotations: { redis: 3 },
      },
    ));

  it("is nothing before the first update", () =>
    assert.deepEqual(readLastUpdate({}), { deployedTo: undefined, known: {}, rotations: {} }));
});
