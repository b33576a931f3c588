import assert from "node:assert/strict";
import { claimSizes, dataLost } from "../../../ops/new-cluster/data-lost";
import { stateObject } from "../recover/state-objects";

const claim = stateObject("PersistentVolumeClaim", "redis-data", "cache");
const service = {
  urn: "urn:pulumi:new::shop::cluster-storage:index:StatefulService::redis",
  type: "cluster-storage:index:StatefulService",
  outputs: { claims: { "cache/redis-data": "1", "cache/dropped": "2" } },
};

describe("the data in a cluster that is gone", () => {
  it("is each claim of the state, and those that only the last update's record still names", () => {
    const old = stateObject("PersistentVolumeClaim", "old", "cache", { delete: true });
    const resources = [stateObject("Namespace", "cache", undefined), claim, old, service];
    assert.deepEqual(
      [...claimSizes({ resources })],
      [
        ["cache/redis-data", "1Gi"],
        ["cache/dropped", undefined],
      ],
    );
    assert.deepEqual([...claimSizes({})], []);
  });

  it("is said, with what becomes of it", () =>
    assert.deepEqual(
      dataLost(
        new Map([
          ["b/redis-data", "1Gi"],
          ["a/dropped", undefined],
        ]),
      ),
      [
        "the data of these claims was in the old cluster, and it is not in this one:",
        "  a/dropped",
        "  b/redis-data, 1Gi",
        "the next update makes them anew: filled from the newest points where the stack has backups, else empty. " +
          "Files that outlived the cluster (on a share, or on a disk that was not wiped) stay where they are: " +
          "docs/recovery.md says how to use them",
      ],
    ));

  it("is none where the stack had no claim", () =>
    assert.deepEqual(dataLost(new Map()), ["the old cluster had no claims of the stack"]));
});
