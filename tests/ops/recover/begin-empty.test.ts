import assert from "node:assert/strict";
import { withoutClaims } from "../../../ops/recover/begin-empty";

const service = (name: string, claims?: Record<string, string>) => ({
  urn: `urn:pulumi:dev::cluster-storage::cluster-storage:index:StatefulService::${name}`,
  type: "cluster-storage:index:StatefulService",
  outputs: { ...(claims && { claims }) },
});

describe("the record of a service's claims", () => {
  it("goes for the claims that are given up, and stays for all others", () => {
    const resources = [service("redis", { "a/data": "1", "a/data-2": "2" }), service("postgres", { "a/data": "3" })];
    assert.deepEqual(withoutClaims({ resources }, "redis", ["a/data"]).resources, [
      service("redis", { "a/data-2": "2" }),
      service("postgres", { "a/data": "3" }),
    ]);
  });

  it("is left as it was where the state has no such record", () => {
    const other = { urn: "urn:pulumi:dev::p::x:y:Z::redis", type: "x:y:Z" };
    assert.deepEqual(withoutClaims({ resources: [other] }, "redis", ["a/data"]).resources, [other]);
    assert.deepEqual(withoutClaims({}, "redis", ["a/data"]).resources, []);
  });
});
