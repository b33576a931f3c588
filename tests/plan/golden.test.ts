import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { goldenFile, goldenText, veleroText, withVelero } from "../golden-plan";
import { committedStacks, planOf } from "../stack";

describe("golden plans", () => {
  for (const [stack, yaml] of committedStacks()) {
    it(`${stack} is planned as committed; npm run golden rewrites it`, () => {
      const { plan, faults } = planOf(yaml, stack);
      assert.deepEqual(faults, []);
      assert.equal(goldenText(plan), readFileSync(goldenFile(stack), "utf8"));
    });
  }

  it("say what the pods of dev tell Velero where that is switched on", () => {
    const { plan, faults } = planOf(withVelero(committedStacks().get("dev")!));
    assert.deepEqual(faults, []);
    assert.equal(veleroText(plan), readFileSync(goldenFile("velero"), "utf8"));
  });

  it("cover the two stacks that are committed", () => assert.deepEqual([...committedStacks().keys()], ["dev", "prod"]));
});
