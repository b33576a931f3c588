import assert from "node:assert/strict";
import { demands } from "../../preflight/claims";
import { claimFacts } from "../facts";
import { planOf } from "../stack";

const { plan } = planOf(`config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends: { local-path: { type: local-path, path: /opt/volumes, default: true } }
  cluster-storage:services: { redis: { size: 2Gi } }
`);
const found = claimFacts({ namespace: "local-ai-system", name: "redis-data", size: "1Gi", className: "local-path" });
const asked = (claims: Parameters<typeof demands>[1]) =>
  demands(plan, claims).map(({ bytes, isNew }) => [bytes / 2 ** 30, isNew]);

describe("the storage that an update asks for", () => {
  it("is what a claim grows by", () => assert.deepEqual(asked([found]), [[1, false]]));
  it("is all of it for a claim that isn't there", () => assert.deepEqual(asked([]), [[2, true]]));
  it("is all of it for a claim that is being deleted", () =>
    assert.deepEqual(asked([{ ...found, deleting: true }]), [[2, true]]));
});
