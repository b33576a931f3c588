import assert from "node:assert/strict";
import { check } from "../../../local-cluster/plugins/kubernetes/check";
import type { Cluster } from "../../../local-cluster/plugins/kubernetes/cluster";
import { kindOf } from "../../../local-cluster/plugins/kubernetes/kinds";
import type { CheckRequest } from "../../../local-cluster/plugins/protocol/provider";
import { uniqueName } from "../../../local-cluster/plugins/protocol/unique-name";
import { parseUrn } from "../../../local-cluster/plugins/protocol/urn";
import { isObject, type Properties } from "../../../local-cluster/plugins/protocol/values";

const namespaced = {
  find: async () => ({ root: "/api/v1", plural: "configmaps", namespaced: true }),
} as unknown as Cluster;
const unseeded = new Uint8Array();

function request(metadata: Properties | undefined, more: Partial<CheckRequest> = {}): CheckRequest {
  return {
    urn: "urn:pulumi:s::p::kubernetes:core/v1:ConfigMap::settings",
    olds: {},
    news: { apiVersion: "v1", kind: "ConfigMap", ...(metadata && { metadata }) },
    randomSeed: unseeded,
    ...more,
  };
}

async function metadataOf(checked: CheckRequest, defaultNamespace = ""): Promise<Properties> {
  const { metadata } = await check(checked, namespaced, defaultNamespace);
  assert.ok(isObject(metadata));
  return metadata;
}

describe("names of Kubernetes objects", () => {
  it("an explicit name stays and is not marked", async () => {
    assert.deepEqual(await metadataOf(request({ name: "settings" })), { name: "settings" });
  });

  it("without one: the logical name and eight hexadecimal digits, marked as chosen", async () => {
    const { name, annotations } = await metadataOf(request(undefined));
    assert.match(String(name), /^settings-[0-9a-f]{8}$/);
    assert.deepEqual(annotations, { "pulumi.com/autonamed": "true" });
  });

  it("the name of the last update is kept", async () => {
    const old = { name: "settings-1234abcd", annotations: { "pulumi.com/autonamed": "true" } };
    const { name } = await metadataOf(request({}, { olds: { metadata: old } }));
    assert.equal(name, "settings-1234abcd");
  });

  it("the engine's proposal is taken", async () => {
    const { name } = await metadataOf(request({}, { autonaming: { mode: "enforce", proposedName: "as-configured" } }));
    assert.equal(name, "as-configured");
  });

  it("with autonaming disabled a missing name is an error", async () => {
    await assert.rejects(
      metadataOf(request({}, { autonaming: { mode: "disable", proposedName: "" } })),
      new Error("autonaming is disabled, resource requires the .metadata.name field to be set"),
    );
  });

  it("the provider's namespace fills in, an own namespace wins", async () => {
    assert.equal((await metadataOf(request({ name: "a" }), "team")).namespace, "team");
    assert.equal((await metadataOf(request({ name: "a", namespace: "own" }), "team")).namespace, "own");
  });

  it("a Patch resource can't be named by chance", async () => {
    const urn = "urn:pulumi:s::p::kubernetes:core/v1:ConfigMapPatch::settings";
    await assert.rejects(
      metadataOf(request({}, { urn })),
      new Error("a Patch resource needs metadata.name: the object whose fields it sets"),
    );
  });
});

describe("unique names", () => {
  it("are the same for the same seed, so that preview and update agree", () => {
    const seed = Buffer.from("seed");
    assert.equal(uniqueName("a-", seed), uniqueName("a-", seed));
    assert.notEqual(uniqueName("a-", seed), uniqueName("a-", Buffer.from("other")));
  });

  it("are different without a seed", () => {
    assert.notEqual(uniqueName("a-", unseeded), uniqueName("a-", unseeded));
  });
});

describe("kinds from type tokens", () => {
  const urn = (token: string): string => `urn:pulumi:s::p::parent:Type$kubernetes:${token}::name::with`;

  it("core and grouped kinds, and Patch resources", () => {
    assert.deepEqual(kindOf(urn("core/v1:Namespace")), { apiVersion: "v1", kind: "Namespace", patch: false });
    assert.deepEqual(kindOf(urn("apps/v1:Deployment")), { apiVersion: "apps/v1", kind: "Deployment", patch: false });
    assert.deepEqual(kindOf(urn("storage.k8s.io/v1:StorageClassPatch")), {
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      patch: true,
    });
  });

  it("what only the official plugin does is named", () => {
    assert.throws(
      () => kindOf(urn("helm.sh/v3:Release")),
      new Error(
        "kubernetes:helm.sh/v3:Release is not supported by the stand-in kubernetes plugin of the local cluster; " +
          "the official plugin has it (pulumi plugin install resource kubernetes)",
      ),
    );
    assert.throws(
      () => kindOf(urn("core/v1:PodList")),
      new Error("kubernetes:core/v1:PodList is a list and can't be created; declare its items one by one"),
    );
  });

  it("a URN's type and name", () => {
    assert.deepEqual(parseUrn(urn("core/v1:Namespace")), { type: "kubernetes:core/v1:Namespace", name: "name::with" });
  });
});
