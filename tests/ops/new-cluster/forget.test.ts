import assert from "node:assert/strict";
import { withoutCluster } from "../../../ops/new-cluster/forget";
import { dataLost } from "../../../ops/new-cluster/run";
import type { StateResource } from "../../../ops/pulumi/state";
import { stateObject, stateStack } from "../recover/state-objects";

const namespace = stateObject("Namespace", "cache", undefined);
const claim = stateObject("PersistentVolumeClaim", "redis-data", "cache", { dependencies: [namespace.urn] });
const destroyed: StateResource = {
  urn: "urn:pulumi:new::shop::command:local:Command::default-flag",
  type: "command:local:Command",
};
const provider: StateResource = {
  urn: "urn:pulumi:new::shop::pulumi:providers:kubernetes::cluster",
  type: "pulumi:providers:kubernetes",
  id: "1",
};
const service: StateResource = {
  urn: "urn:pulumi:new::shop::cluster-storage:index:StatefulService::redis",
  type: "cluster-storage:index:StatefulService",
  outputs: { claims: { "cache/redis-data": "uid of redis-data" } },
};
const password: StateResource = {
  urn: "urn:pulumi:new::shop::random:index/randomPassword:RandomPassword::redis-password",
  type: "random:index/randomPassword:RandomPassword",
  parent: service.urn,
  outputs: { result: { ciphertext: "v1:x" } },
};

describe("a state that forgets its cluster", () => {
  it("keeps generated values, components and providers, without what they refer to", () => {
    const tied: StateResource = {
      ...password,
      dependencies: [namespace.urn, service.urn],
      propertyDependencies: { length: [claim.urn], keepers: null },
      deletedWith: namespace.urn,
    };
    const pending_operations = [{ type: "creating", resource: claim }];
    const resources = [stateStack("old"), provider, namespace, claim, destroyed, service, tied];
    const { deployment, ...rest } = withoutCluster({ version: 3, deployment: { resources, pending_operations } });
    assert.deepEqual(rest, { version: 3 });
    assert.deepEqual(deployment, {
      resources: [
        { ...stateStack(), outputs: {} },
        provider,
        { ...service, outputs: { claims: {} } },
        { ...password, dependencies: [service.urn], propertyDependencies: { length: [], keepers: null } },
      ],
    });
  });

  it("stays as it is the second time", () => {
    const once = withoutCluster({ version: 3, deployment: { resources: [stateStack("old"), namespace, service] } });
    assert.deepEqual(withoutCluster(once), once);
  });
});

describe("what is said of the data in a cluster that is gone", () => {
  it("is each claim with its size, and what becomes of them", () => {
    const more = stateObject("PersistentVolumeClaim", "a-data", "cache");
    const old = stateObject("PersistentVolumeClaim", "b-data", "cache", { delete: true });
    assert.deepEqual(dataLost({ resources: [namespace, claim, more, old] }), [
      "the data of these claims was in the old cluster, and it is not in this one:",
      "  cache/a-data, 1Gi",
      "  cache/redis-data, 1Gi",
      "the next update makes them empty; what a backup has of them has to be restored after it. Files that outlived " +
        "the cluster (on a share, or on a disk that was not wiped) stay where they are: docs/recovery.md says how to " +
        "use them",
    ]);
  });
  it("is that there was none, where there was none", () =>
    assert.deepEqual(dataLost({ resources: [namespace] }), ["the old cluster had no claims of the stack"]));
});
