import assert from "node:assert/strict";
import type { NodePlan, StepState } from "../../model/node-preparation";
import type { NodeAnswer } from "../../nodes/ask";
import { notPrepared } from "../../nodes/gate";

const answer = (name: string, more: Partial<NodeAnswer>): NodeAnswer => ({
  node: { name } as NodePlan,
  states: [],
  ...more,
});
const step = (state: StepState["state"], why?: string): StepState => ({
  id: "volume-data",
  path: ["volumes", "data"],
  words: "the user volume data",
  state,
  ...(why !== undefined && { why }),
});

describe("what the update asks after the last step on the nodes", () => {
  it("lets it go on where every step is in effect", () => {
    assert.equal(notPrepared([answer("a", { states: [step("done")] }), answer("b", {})]), undefined);
  });

  it("keeps it from any storage where a step is not, or a node doesn't answer", () => {
    assert.equal(
      notPrepared([
        answer("a", { states: [step("done"), step("missing")] }),
        answer("b", { states: [step("refused", "the disk holds ext4")] }),
        answer("c", { away: "it doesn't answer" }),
      ]),
      "the nodes were prepared, and were looked at again before the first storage; they are not as the config says, " +
        "so no storage was touched:\n" +
        "a: the user volume data is not there\n" +
        "b: the user volume data is not there: the disk holds ext4\n" +
        "c: it doesn't answer",
    );
  });
});
