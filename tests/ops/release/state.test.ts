import assert from "node:assert/strict";
import { claimUrn, withoutResource } from "../../../ops/release/state";

const type = "kubernetes:core/v1:PersistentVolumeClaim";
const urn = (name: string) => `urn:pulumi:dev::p::${type}::${name}`;
const claim = (name: string, more = {}) => ({ urn: urn(name), type, id: `a/${name}`, ...more });
const workload = {
  urn: "urn:w",
  type: "kubernetes:apps/v1:Deployment",
  dependencies: [urn("redis-data"), urn("redis-data-2")],
  propertyDependencies: { spec: [urn("redis-data")], metadata: null },
  deletedWith: urn("redis-data"),
};
const state = {
  version: 3,
  deployment: { manifest: { time: "now" }, resources: [claim("redis-data"), claim("redis-data-2"), workload] },
};

describe("a state without one claim", () => {
  it("finds it by what the cluster calls it", () => {
    assert.equal(claimUrn(state, "a", "redis-data"), urn("redis-data"));
    assert.equal(claimUrn(state, "b", "redis-data"), undefined);
    assert.equal(
      claimUrn({ ...state, deployment: { resources: [claim("redis-data", { delete: true })] } }, "a", "redis-data"),
      undefined,
    );
  });
  it("keeps everything else, without what refers to it", () => {
    assert.deepEqual(withoutResource(state, urn("redis-data")), {
      version: 3,
      deployment: {
        manifest: { time: "now" },
        resources: [
          claim("redis-data-2"),
          {
            ...workload,
            dependencies: [urn("redis-data-2")],
            propertyDependencies: { spec: [], metadata: null },
            deletedWith: undefined,
          },
        ],
      },
    });
  });
});
