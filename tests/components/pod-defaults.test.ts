import assert from "node:assert/strict";
import { resources } from "../../components/pod-defaults";
import { nodeRoomOf } from "../../plan/pod-room";
import { resized } from "../../mover/orchestrate/switch";

const amounts = { requests: { cpu: "50m", memory: "64Mi" }, limits: { memory: "1Gi" } };

describe("the room that a pod may use on its node", () => {
  it("is 2Gi more than what its own directories may hold", () => {
    assert.deepEqual(resources(amounts).limits, { memory: "1Gi", "ephemeral-storage": "2Gi" });
    assert.deepEqual([nodeRoomOf(["10Gi"]), nodeRoomOf(["10Gi", "500Mi"])], ["12Gi", "12788Mi"]);
  });

  it("is set by the move that takes the data in or out, so that the next update replaces no pod", () => {
    const container = { name: "redis", resources: { limits: { "ephemeral-storage": "12Gi" } } };
    const other = { name: "other" };
    assert.deepEqual(resized([other, { name: "redis", resources: {} }], container), { containers: [other, container] });
    assert.deepEqual(resized([container], container), {});
    assert.deepEqual(resized([other], container), {});
    assert.deepEqual(resized([container], undefined), {});
  });
});
