import assert from "node:assert/strict";
import type { V1Pod } from "@kubernetes/client-node";
import { assertOnlyMoving, leftAmong } from "../../../ops/move/left-on-node";
import { committedStacks, planOf } from "../../stack";

const { plan } = planOf(committedStacks().get("dev")!, "dev");
const { namespace } = plan.services.find(({ name }) => name === "redis")!;
const tied = [`${namespace}/redis-data`];
const pod = (name: string, volume: object, service = "redis"): V1Pod => ({
  metadata: { name, namespace, labels: { "app.kubernetes.io/name": service } },
  spec: { containers: [], volumes: [{ name: "redis-data", ...volume }] },
});
const using = (claimName: string) => ({ persistentVolumeClaim: { claimName } });

describe("what a node has of a stack's data in use", () => {
  it("is a volume that a workload uses, whatever the file names, also while it has no pod", () => {
    const used = [{ claim: tied[0]!, by: "Deployment redis" }];
    assert.deepEqual(leftAmong(plan, { tied, used, pods: [] }).volumes, used);
    assert.deepEqual(leftAmong(plan, { tied, used, pods: [pod("redis-0", using("redis-data"))] }).volumes, used);
    assert.deepEqual(leftAmong(plan, { tied: [], used, pods: [] }).volumes, []);
  });

  it("is a volume that a pod has, and nothing of other namespaces", () => {
    const foreign = { ...pod("x", using("redis-data")), metadata: { name: "x", namespace: "elsewhere" } };
    assert.deepEqual(leftAmong(plan, { tied, used: [], pods: [foreign, pod("p", using("redis-data"))] }).volumes, [
      { claim: tied[0], by: "pod p" },
    ]);
  });

  it("is the data in a service's pod itself, and no other directory of a pod", () => {
    const pods = [pod("redis-0", { emptyDir: {} }), pod("other", { emptyDir: {} }, "other")];
    assert.deepEqual(leftAmong(plan, { tied, used: [], pods }).directories, [{ claim: "redis", pod: "redis-0" }]);
  });

  it("is refused where it isn't what moves now", () => {
    const left = { volumes: [{ claim: tied[0]!, by: "Deployment redis" }], directories: [] };
    assert.doesNotThrow(() => assertOnlyMoving("a", left, new Set(tied), "npm start"));
    assert.throws(() => assertOnlyMoving("a", left, new Set(), "npm start"), {
      name: "UserError",
      message:
        `volumes that only a reaches are in use, though the stack's file names others: ${tied[0]} (Deployment ` +
        "redis). Their last move isn't finished, or a pod holds them: npm start continues the move. a must not be " +
        "drained before",
    });
  });
});
