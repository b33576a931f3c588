import assert from "node:assert/strict";
import { decideRecovery, type ObjectFact } from "../../../ops/recover/decide";
import type { PendingOperation, StateResource } from "../../../ops/pulumi/state";
import { urn, claimType, pending } from "./pending";

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
