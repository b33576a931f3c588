import assert from "node:assert/strict";
import type { ClusterFacts } from "../../model/facts";
import type { StoragePlan } from "../../model/plan";
import { guardRotation } from "../../plan/guard-rotation";
import { planOf } from "../stack";

const config = (redis: string) => `config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends:
    local-path: { type: local-path, path: /opt/volumes, default: true }
    pod: { type: ephemeral, allowDataLoss: a test }
  cluster-storage:services:
    redis: { size: 1Gi, ${redis} }
`;
const faults = (redis: string, rotations?: Record<string, number>) => {
  const { plan, faults } = planOf(config(redis));
  assert.deepEqual(faults, []);
  return guardRotation(plan as StoragePlan, { classes: [], claims: [], rotations } as ClusterFacts);
};

describe("the guard of passwords that are given anew", () => {
  it("lets them go up, by any number, and stay", () => {
    assert.deepEqual(faults("rotation: 2", { redis: 1 }), []);
    assert.deepEqual(faults("rotation: 4", { redis: 2 }), []);
    assert.deepEqual(faults("rotation: 2", { redis: 2 }), []);
    assert.deepEqual(faults("rotation: 2"), []);
  });

  it("refuses a number that goes down: a replaced password is not used again", () => {
    const message = (is: number, had: number) =>
      `is ${is}, and the last update had ${had}: a password that was replaced is not used again; write rotation: ` +
      `${had}; for new passwords, then run npm run rotate -- redis`;
    assert.deepEqual(faults("rotation: 2", { redis: 3 }), [
      { path: "services.redis.rotation", message: message(2, 3) },
    ]);
    assert.deepEqual(faults("run: true", { redis: 2 }), [{ path: "services.redis.rotation", message: message(1, 2) }]);
  });

  it("refuses new passwords where the pod that they replace has the data in its own directory", () => {
    const spilled = "backend: pod, generation: 2, kept: [{ generation: 1, size: 1Gi }], rotation: 2";
    assert.deepEqual(faults(spilled, { redis: 1 }), [
      {
        path: "services.redis.rotation",
        message:
          "is 2, and the last update had 1: the new passwords would replace the pod of redis, whose own directory " +
          "has the data of redis-data; move it to a claim first: npm run move -- redis --to BACKEND",
      },
    ]);
    assert.deepEqual(faults(spilled, { redis: 2 }), []);
  });
});
