import assert from "node:assert/strict";
import { decideAdoption } from "../../../ops/adopt/decide";
import type { LiveObject } from "../../../ops/adopt/types";
import { claim, claimSpec, deployment, facts, live, planned, stack, volume } from "./objects";
import { outcome, of, claimIs, user } from "./outcome";

describe("what adopt decides about several objects", () => {
  it("says everything that is wrong with a claim at once", () => {
    const { length } = outcome(
      claim,
      claimIs({
        storageClassName: "standard",
        accessModes: ["ReadWriteMany"],
        resources: { requests: { storage: "1Gi" } },
      }),
    ).split(" | ");
    assert.equal(length, 3);
  });

  it("leaves the pods of the program's own workload alone", () => {
    const has = facts(
      [
        [claim, live(claim)],
        [deployment, live(deployment)],
      ],
      { users: [user({ owner: { kind: "Deployment", name: "redis" } })] },
    );
    assert.deepEqual(
      decideAdoption([claim, deployment], [], has, stack).map(({ action }) => action),
      ["adopt", "adopt"],
    );
    const other = facts([[claim, live(claim)]], { users: [user({ owner: { kind: "StatefulSet", name: "redis" } })] });
    assert.deepEqual(
      decideAdoption([claim, deployment], [], other, stack).map(({ action }) => action),
      ["refuse"],
    );
  });

  it("brings a recorded claim back that the cluster has lost, and nothing that is there", () => {
    assert.equal(outcome(claim, facts([], { volumes: [volume()] }), [claim]), "restore: pvc-1");
    assert.equal(outcome(claim, of(claim), [claim]), "nothing");
    assert.equal(outcome(claim, facts([]), [claim]), "nothing");
  });

  it("knows the config's key of a claim among several", () => {
    const storage = planned("PersistentVolumeClaim", "app-storage", { spec: claimSpec() }, "taskflow");
    const object: LiveObject = live(storage, { spec: claimSpec({ resources: { requests: { storage: "1Gi" } } }) });
    assert.match(outcome(storage, facts([[storage, object]])), /write services\.taskflow\.storage\.size: 1Gi;/);
  });
});
