import assert from "node:assert/strict";
import { handOver, pulumiManager } from "../../../ops/adopt/managers";
import type { LiveObject, ManagedFields } from "../../../ops/adopt/types";

const object = (...managedFields: ManagedFields[]): LiveObject => ({
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  metadata: { name: "redis-data", managedFields },
});
const kubectl: ManagedFields = {
  manager: "kubectl-client-side-apply",
  operation: "Update",
  apiVersion: "v1",
  fieldsType: "FieldsV1",
  fieldsV1: {
    "f:metadata": { "f:labels": { "f:team": {} } },
    "f:spec": { "f:accessModes": {}, "f:resources": { "f:requests": { "f:storage": {} } }, "f:volumeName": {} },
  },
};
const controller: ManagedFields = {
  manager: "kube-controller-manager",
  operation: "Update",
  apiVersion: "v1",
  fieldsV1: { "f:spec": { "f:volumeName": {} } },
};
const status: ManagedFields = {
  manager: "kubectl",
  operation: "Update",
  subresource: "status",
  fieldsV1: { "f:status": {} },
};
const pulumi: ManagedFields = {
  manager: "pulumi-kubernetes-1",
  operation: "Apply",
  apiVersion: "v1",
  fieldsType: "FieldsV1",
  fieldsV1: { "f:metadata": { "f:annotations": {} } },
};

describe("handOver", () => {
  it("gives all that people set to the new manager, and leaves the cluster's own parts what is theirs", () => {
    const handed = handOver(object(kubectl, controller, status), "pulumi-kubernetes-1");
    assert.deepEqual(handed, [controller, status, { ...kubectl, manager: "pulumi-kubernetes-1", operation: "Apply" }]);
  });

  it("adds it to what the manager has already", () => {
    const handed = handOver(object(kubectl, pulumi), "pulumi-kubernetes-1");
    assert.deepEqual(
      handed?.map(({ manager }) => manager),
      ["pulumi-kubernetes-1"],
    );
    assert.deepEqual(handed?.[0]?.fieldsV1, {
      "f:metadata": { "f:annotations": {}, "f:labels": { "f:team": {} } },
      "f:spec": (kubectl.fieldsV1 as Record<string, object>)["f:spec"],
    });
  });

  it("takes only what the plan has where others' fields stay", () => {
    const planned = {
      metadata: { labels: { other: "x" } },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "10Gi" } } },
    };
    const [theirs, ours] = handOver(object(kubectl), "pulumi-kubernetes-1", planned) ?? [];
    assert.deepEqual(theirs, {
      ...kubectl,
      fieldsV1: { "f:metadata": { "f:labels": { "f:team": {} } }, "f:spec": { "f:volumeName": {} } },
    });
    assert.deepEqual(ours?.fieldsV1, {
      "f:spec": { "f:accessModes": {}, "f:resources": { "f:requests": { "f:storage": {} } } },
    });
  });

  it("has nothing to do the second time", () => {
    const first = handOver(object(kubectl, controller), "pulumi-kubernetes-1");
    assert.equal(handOver(object(...(first ?? [])), "pulumi-kubernetes-1"), undefined);
    assert.equal(handOver(object(controller, status), "pulumi-kubernetes-1"), undefined);
  });

  it("changes nothing of what it was given", () => {
    const before = object(kubectl, pulumi);
    const copy = structuredClone(before);
    handOver(before, "pulumi-kubernetes-1", { spec: {} });
    assert.deepEqual(before, copy);
  });
});

describe("pulumiManager", () => {
  it("is the one that applies, not the one that created", () => {
    assert.equal(
      pulumiManager(object({ manager: "pulumi-kubernetes", operation: "Update" }, pulumi)),
      "pulumi-kubernetes-1",
    );
    assert.equal(pulumiManager(object({ manager: "pulumi-kubernetes", operation: "Update" })), undefined);
  });
});
