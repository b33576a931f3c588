import assert from "node:assert/strict";
import { describePlan, planAsJson } from "../../../ops/adopt/print";
import { harmful, recorded, toCreate } from "../../../ops/adopt/wanted";
import type { Planned, Verdict } from "../../../ops/adopt/types";
import type { Step } from "../../../ops/pulumi/preview";
import { claim, deployment, live, planned } from "./objects";

const verdicts: Verdict[] = [
  {
    urn: "s",
    kind: "Service",
    namespace: "data",
    name: "redis",
    found: "is there",
    action: "adopt",
    live: live(planned("Service", "redis")),
    notes: [],
  },
  {
    urn: "d",
    kind: "Deployment",
    namespace: "data",
    name: "redis",
    found: "1 of 1 pods ready",
    action: "replace",
    live: live(deployment),
    why: "its selector differs",
  },
  {
    urn: "c",
    kind: "PersistentVolumeClaim",
    namespace: "data",
    name: "redis-data",
    found: "Released volume, 10Gi",
    action: "restore",
    volume: "pvc-1",
  },
  {
    urn: "x",
    kind: "StorageClass",
    name: "local-path",
    found: "is there",
    action: "refuse",
    faults: [{ why: "it is being deleted", wayOut: "wait" }],
  },
];

describe("what adopt prints", () => {
  it("is a line for each object that holds data, runs on it or can't stay, and how many others there are", () => {
    assert.equal(
      describePlan(verdicts, [
        { urn: "urn:pulumi:dev::shop::t::redis-password", service: "redis", value: "s3cret", from: "Secret redis" },
      ]),
      [
        "KIND                   NAME             FOUND                  WHAT HAPPENS",
        "Deployment             data/redis       1 of 1 pods ready      deleted and made anew by the next " +
          "update, because its selector differs; its pods stop, its claims stay",
        "PersistentVolumeClaim  data/redis-data  Released volume, 10Gi  claim made again on its volume pvc-1",
        "StorageClass           local-path       is there               NOT taken over",
        "and 1 object without data, taken over as they are",
        "generated values that stay as they are: redis-password (Secret redis)",
      ].join("\n"),
    );
  });

  it("says which passwords a workload had in plain text, and how to change them", () => {
    const [from, service] = ["variable POSTGRES_PASSWORD", "postgres"];
    const lines = describePlan([], [{ urn: "a::postgres-password", service, value: "s3cret", from }]).split("\n");
    assert.deepEqual(lines.slice(-2), [
      "generated values that stay as they are: postgres-password (variable POSTGRES_PASSWORD)",
      "in plain text in a workload until now: postgres-password (variable POSTGRES_PASSWORD); they are recorded as " +
        "secrets, and others may have read them, so give them new values after the next update: " +
        "npm run rotate -- postgres",
    ]);
  });

  it("has no secret in its JSON either", () => {
    const printed = JSON.stringify(
      planAsJson(verdicts, [{ urn: "a::redis-password", value: "s3cret", from: "Secret redis" }]),
    );
    assert.ok(!printed.includes("s3cret"));
    assert.deepEqual((JSON.parse(printed) as { items: unknown[] }).items[3], {
      kind: "StorageClass",
      name: "local-path",
      found: "is there",
      action: "refuse",
      faults: [{ why: "it is being deleted", wayOut: "wait" }],
    });
  });
});

describe("a preview's steps", () => {
  const step = (op: string, newState = claim): Step<Planned> => ({ op, urn: newState.urn, newState });
  it("are harmful where they replace or delete a claim, a namespace, a generated value or what was taken over", () => {
    for (const op of ["replace", "create-replacement", "delete-replaced", "delete"])
      assert.deepEqual(harmful([step(op)]), [claim.urn]);
    for (const op of ["create", "update", "same", "refresh"]) assert.deepEqual(harmful([step(op)]), []);
    assert.deepEqual(harmful([step("replace", deployment)]), []);
    assert.deepEqual(harmful([step("replace", deployment)], new Set([deployment.urn])), [deployment.urn]);
    assert.deepEqual(harmful([{ op: "delete", urn: claim.urn, oldState: claim }]), [claim.urn]);
  });
  it("say what the state hasn't", () => {
    assert.deepEqual(
      toCreate([step("create", deployment), step("same"), { op: "delete", urn: "x", oldState: claim }]),
      [deployment],
    );
  });
});

describe("recorded", () => {
  it("is the state's claims that are in use, and nothing else", () => {
    const resources = [
      { ...claim, id: "data/redis-data" },
      { ...claim, delete: true },
      { ...claim, pendingReplacement: true },
      deployment,
    ];
    assert.deepEqual(recorded({ version: 3, deployment: { resources } }, "core/v1:PersistentVolumeClaim"), [
      resources[0],
    ]);
    assert.deepEqual(recorded({ version: 3, deployment: {} }, "core/v1:Namespace"), []);
  });
});
