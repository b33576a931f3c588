import assert from "node:assert/strict";
import { decideRecovery, identityOf, needsLookup, type ObjectFact } from "../../../ops/recover/decide";
import type { PendingOperation, StateResource } from "../../../ops/pulumi/state";

const urn = (type: string, name: string) => `urn:pulumi:dev::shop::${type}::${name}`;
const claimType = "kubernetes:core/v1:PersistentVolumeClaim";

function pending(type = "creating", over: Partial<StateResource> = {}): PendingOperation {
  const inputs = {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name: "redis-data", namespace: "cache" },
  };
  return { type, resource: { urn: urn(claimType, "redis-data"), type: claimType, custom: true, inputs, ...over } };
}

function decideOne(operation: PendingOperation, fact?: ObjectFact, resources: StateResource[] = []) {
  const facts = new Map(fact ? [[operation.resource.urn, fact] as const] : []);
  const [decision] = decideRecovery({ resources, pending_operations: [operation] }, facts, "shop/dev");
  return decision;
}

const recorded: StateResource = { urn: urn(claimType, "redis-data"), type: claimType, id: "cache/redis-data" };
const ours: ObjectFact = {
  found: true,
  id: "cache/redis-data",
  stack: "shop/dev",
  fieldManager: "pulumi-kubernetes-1",
};

describe("decide", () => {
  const cases: {
    about: string;
    operation: PendingOperation;
    fact?: ObjectFact;
    resources?: StateResource[];
    action: string;
    why: string;
  }[] = [
    {
      about: "a created object of ours",
      operation: pending(),
      fact: ours,
      action: "adopt",
      why: "was created but not recorded",
    },
    {
      about: "an object that isn't there",
      operation: pending(),
      fact: { found: false },
      action: "clear",
      why: "was never created",
    },
    {
      about: "an object of another stack",
      operation: pending(),
      fact: { found: true, id: "cache/redis-data", stack: "shop/prod" },
      action: "leave",
      why: "exists as cache/redis-data and belongs to the stack shop/prod",
    },
    {
      about: "an object that nobody signed",
      operation: pending(),
      fact: { found: true, id: "cache/redis-data" },
      action: "leave",
      why: "exists as cache/redis-data and bears no cluster-storage/stack annotation",
    },
    {
      about: "a create whose name can't be known",
      operation: pending("creating", { inputs: { apiVersion: "v1", kind: "Secret", metadata: {} } }),
      action: "leave",
      why: "its inputs don't say which object it is",
    },
    {
      about: "a create that a later update finished",
      operation: pending(),
      fact: ours,
      resources: [recorded],
      action: "refresh",
      why: "is in the state already",
    },
    {
      about: "the create of a replacement whose predecessor is deleted",
      operation: pending(),
      fact: ours,
      resources: [{ ...recorded, pendingReplacement: true }],
      action: "adopt",
      why: "was created but not recorded",
    },
    {
      about: "a password",
      operation: pending("creating", { type: "random:index/randomPassword:RandomPassword", inputs: { length: 32 } }),
      action: "clear",
      why: "leaves nothing behind outside the state; the next update makes it",
    },
    {
      about: "a patch of somebody else's class",
      operation: pending("creating", { type: "kubernetes:storage.k8s.io/v1:StorageClassPatch" }),
      action: "clear",
      why: "leaves nothing behind outside the state; the next update makes it",
    },
    {
      about: "a provider",
      operation: pending("creating", { type: "pulumi:providers:kubernetes" }),
      action: "clear",
      why: "leaves nothing behind outside the state; the next update makes it",
    },
    {
      about: "an interrupted update",
      operation: pending("updating"),
      resources: [recorded],
      action: "refresh",
      why: "was interrupted while updating",
    },
    {
      about: "an interrupted deletion",
      operation: pending("deleting"),
      resources: [recorded],
      action: "refresh",
      why: "was interrupted while deleting",
    },
    {
      about: "a deletion that had ended",
      operation: pending("deleting"),
      action: "clear",
      why: "was interrupted while deleting and is no longer in the state",
    },
    {
      about: "an interrupted read",
      operation: pending("reading"),
      action: "clear",
      why: "was interrupted while reading and is no longer in the state",
    },
  ];
  for (const { about, operation, fact, resources, action, why } of cases) {
    it(`${about}: ${action}`, () => {
      const decision = decideOne(operation, fact, resources);
      assert.equal(decision?.action, action);
      assert.equal(decision.why, why);
      assert.equal(decision.urn, operation.resource.urn);
    });
  }

  it("adopts under the id and the field manager that the cluster has", () => {
    const operation = pending();
    const decision = decideOne(operation, ours);
    assert.ok(decision?.action === "adopt");
    assert.deepEqual(decision.adoption, { operation, id: "cache/redis-data", fieldManager: "pulumi-kubernetes-1" });
  });

  it("decides once for a resource that two updates left pending, by the newer inputs", () => {
    const older = pending();
    const newer = pending("creating", { protect: true } as Partial<StateResource>);
    const decisions = decideRecovery(
      { pending_operations: [older, newer] },
      new Map([[newer.resource.urn, ours]]),
      "shop/dev",
    );
    assert.equal(decisions.length, 1);
    assert.ok(decisions[0]?.action === "adopt");
    assert.equal(decisions[0].adoption.operation, newer);
  });

  it("decides nothing where nothing is pending", () => {
    assert.deepEqual(decideRecovery({ resources: [recorded] }, new Map(), "shop/dev"), []);
  });

  it("won't guess when nobody looked", () => {
    assert.throws(() => decideOne(pending()), /nobody looked/);
  });
});

describe("identityOf", () => {
  it("reads name and namespace from the inputs", () => {
    assert.deepEqual(identityOf(pending()), {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      name: "redis-data",
      namespace: "cache",
    });
  });
  it("has no namespace for what has none", () => {
    assert.deepEqual(
      identityOf(pending("creating", { inputs: { apiVersion: "v1", kind: "Namespace", metadata: { name: "cache" } } })),
      {
        apiVersion: "v1",
        kind: "Namespace",
        name: "cache",
      },
    );
  });
  it("doesn't take an encrypted name for one", () => {
    const metadata = {
      name: { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:x" },
    };
    assert.equal(
      identityOf(pending("creating", { inputs: { apiVersion: "v1", kind: "Secret", metadata } })),
      undefined,
    );
  });
});

describe("needsLookup", () => {
  it("only for creates of cluster objects", () => {
    assert.equal(needsLookup(pending()), true);
    assert.equal(needsLookup(pending("updating")), false);
    assert.equal(needsLookup(pending("creating", { type: "command:local:Command" })), false);
    assert.equal(needsLookup(pending("creating", { type: "kubernetes:core/v1:NamespacePatch" })), false);
  });
});
