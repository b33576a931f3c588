import assert from "node:assert/strict";
import {
  claimsIn,
  resolvePending,
  type Adoption,
  type StateExport,
  type StateResource,
} from "../../../ops/pulumi/state";

const urn = (type: string, name: string) => `urn:pulumi:dev::shop::${type}::${name}`;
const stack: StateResource = { urn: urn("pulumi:pulumi:Stack", "shop-dev"), type: "pulumi:pulumi:Stack" };
const provider: StateResource = {
  urn: urn("pulumi:providers:kubernetes", "k"),
  type: "pulumi:providers:kubernetes",
  id: "p1",
  parent: stack.urn,
};
const namespace: StateResource = {
  urn: urn("kubernetes:core/v1:Namespace", "cache"),
  type: "kubernetes:core/v1:Namespace",
  id: "cache",
  parent: stack.urn,
};
const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:abc:def" };

const created: StateResource = {
  urn: urn("kubernetes:core/v1:Secret", "redis"),
  type: "kubernetes:core/v1:Secret",
  custom: true,
  inputs: { apiVersion: "v1", kind: "Secret", metadata: { name: "redis", namespace: "cache" }, data: secret },
  parent: stack.urn,
  provider: `${provider.urn}::p1`,
  dependencies: [namespace.urn],
};
const adoption: Adoption = {
  operation: { type: "creating", resource: created },
  id: "cache/redis",
  fieldManager: "pulumi-kubernetes-1",
};

function state(resources: StateResource[], more: object = {}): StateExport {
  return { version: 3, deployment: { resources, pending_operations: [adoption.operation], ...more } };
}

const urns = (result: StateExport) => result.deployment.resources?.map((resource) => resource.urn);

describe("resolvePending", () => {
  it(
    "records an adopted object with what the plugin needs to read it again, its secrets as encrypted as " + "they were",
    () => {
      const result = resolvePending(state([stack, provider, namespace]), [adoption]);
      assert.deepEqual(result.deployment.resources?.at(-1), {
        ...created,
        id: "cache/redis",
        outputs: {
          apiVersion: "v1",
          kind: "Secret",
          metadata: { name: "redis", namespace: "cache" },
          __inputs: created.inputs,
          __initialApiVersion: "v1",
          __fieldManager: "pulumi-kubernetes-1",
        },
      });
    },
  );

  it("leaves no pending operation, adopted or not", () => {
    const { deployment } = resolvePending(state([stack]), []);
    assert.equal("pending_operations" in deployment, false);
    assert.deepEqual(deployment.resources, [stack]);
  });

  it("carries along what it doesn't know", () => {
    const result = resolvePending(state([stack], { secrets_providers: { type: "passphrase" } }), []);
    assert.deepEqual((result.deployment as Record<string, unknown>).secrets_providers, { type: "passphrase" });
    assert.equal(result.version, 3);
  });

  it("says nothing of a field manager that it doesn't know", () => {
    const result = resolvePending(state([stack, provider, namespace]), [{ ...adoption, fieldManager: undefined }]);
    assert.equal("__fieldManager" in (result.deployment.resources?.at(-1)?.outputs ?? {}), false);
  });

  it("puts it in the place of the predecessor that was deleted for it, before what depends on it", () => {
    const dependent: StateResource = {
      urn: urn("kubernetes:apps/v1:Deployment", "redis"),
      type: "kubernetes:apps/v1:Deployment",
      id: "cache/redis",
      dependencies: [created.urn],
    };
    const predecessor: StateResource = { ...created, id: "cache/redis", pendingReplacement: true };
    const result = resolvePending(state([stack, provider, namespace, predecessor, dependent]), [adoption]);
    assert.deepEqual(urns(result), [stack.urn, provider.urn, namespace.urn, created.urn, dependent.urn]);
    assert.equal(
      result.deployment.resources?.some(({ pendingReplacement }) => pendingReplacement),
      false,
    );
  });

  it("keeps the order of the rest, and old generations that wait for their deletion", () => {
    const old: StateResource = { ...namespace, delete: true, id: "old" };
    const result = resolvePending(state([stack, namespace, old, provider]), []);
    assert.deepEqual(result.deployment.resources, [stack, namespace, old, provider]);
  });

  it("changes nothing of what it was given", () => {
    const before = state([stack, provider, namespace]);
    const copy = structuredClone(before);
    resolvePending(before, [adoption]);
    assert.deepEqual(before, copy);
  });
});

describe("claimsIn", () => {
  it("lists claims and nothing else", () => {
    const claim = {
      urn: urn("kubernetes:core/v1:PersistentVolumeClaim", "a"),
      type: "kubernetes:core/v1:PersistentVolumeClaim",
    };
    assert.deepEqual(claimsIn(state([stack, claim, namespace])), [claim.urn]);
  });
});
