import assert from "node:assert/strict";
import { withoutCluster } from "../../../ops/new-cluster/forget";
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
