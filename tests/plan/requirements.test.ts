import assert from "node:assert/strict";
import { join } from "node:path";
import { planConfig } from "../../ops/pulumi/stack-plan";
import { catalogue, findServices } from "../../services/catalogue";
import { root } from "../stack";

describe("what a service requires", () => {
  it("is in its own namespace, because it may use that service's Secret", () => {
    const services = new Map([...catalogue, ...findServices(join(root, "tests", "fixtures", "services"))]);
    const { faults } = planConfig(
      {
        "cluster-storage:cluster": { context: "c", identifier: "c" },
        "cluster-storage:backends": { disk: { type: "local-path", path: "/opt/volumes", default: true } },
        "cluster-storage:services": { redis: { size: "1Gi" }, pinboard: { size: "2Gi", namespace: "boards" } },
      },
      { project: "cluster-storage", stack: "test" },
      services,
    );
    assert.deepEqual(faults, [
      {
        path: "services.pinboard.namespace",
        message: "is boards, but the Secret of redis that it uses is in local-ai-system; use the same namespace",
      },
    ]);
  });
});
