import assert from "node:assert/strict";
import type { VolumeFacts } from "../../../model/facts";
import { notDeleted, volumesToGo } from "../../../ops/at-destroy/await-volumes";
import { decideDefault } from "../../../ops/at-destroy/give-back-default";
import { claimFacts, classFacts } from "../../facts";

const volume = (change: Partial<VolumeFacts> = {}): VolumeFacts => ({
  name: "pvc-1",
  className: "local-path",
  size: "1Gi",
  phase: "Released",
  reclaimPolicy: "Delete",
  accessModes: [],
  claim: "cache/redis-data",
  claimUid: "gone",
  provisioned: true,
  deleting: false,
  ...change,
});

describe("the volumes that a provisioner has to outlive", () => {
  const claims = [claimFacts({ uid: "there" })];
  const cases: Record<string, [Partial<VolumeFacts>, boolean]> = {
    "one whose claim is gone": [{}, true],
    "one that could not be deleted": [{ phase: "Failed" }, true],
    "one that is still Bound to a claim that is gone": [{ phase: "Bound" }, true],
    "not one that is in use": [{ phase: "Bound", claimUid: "there" }, false],
    "not one that waits for a claim": [{ phase: "Available", claimUid: undefined }, false],
    "not one that is to stay": [{ reclaimPolicy: "Retain" }, false],
    "not one of another class": [{ className: "fast" }, false],
    "not one that was made by hand": [{ provisioned: false }, false],
  };
  for (const [title, [change, waited]] of Object.entries(cases))
    it(title, () => assert.equal(volumesToGo([volume(change)], claims, ["local-path"]).length, waited ? 1 : 0));

  it("are named where they stay, with the way out", () => {
    assert.equal(
      notDeleted([volume({ phase: "Failed", message: "no helper pod" }), volume({ name: "pvc-2" })]),
      [
        "2 volumes of deleted claims are not deleted, so what deletes volumes was left running:",
        "  pvc-1 of cache/redis-data: Failed, no helper pod",
        "  pvc-2 of cache/redis-data: Released",
        "kubectl describe pv NAME says why, mostly a node that is away; mend that, then run pulumi destroy again. To " +
          `keep a volume's data: kubectl patch pv NAME -p '{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}'`,
      ].join("\n"),
    );
  });
});

describe("the default flag after a stack", () => {
  it("is given back to who had it", () => {
    assert.deepEqual(decideDefault([classFacts("standard"), classFacts("other")], ["standard"]), {
      give: ["standard"],
      said: ["class standard is the cluster's default again, as before this stack"],
    });
  });
  it("is not given where another class has it by now", () => {
    assert.deepEqual(decideDefault([classFacts("standard"), classFacts("other", { isDefault: true })], ["standard"]), {
      give: [],
      said: ["class other is the cluster's default, so standard did not become it again"],
    });
  });
  it("stays where it was given already, or the class is gone", () => {
    assert.deepEqual(decideDefault([classFacts("standard", { isDefault: true })], ["standard"]), {
      give: [],
      said: [],
    });
    assert.deepEqual(decideDefault([], ["standard"]), { give: [], said: [] });
  });
});
