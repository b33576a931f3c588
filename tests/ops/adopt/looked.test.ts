import assert from "node:assert/strict";
import { decideAdoption } from "../../../ops/adopt/decide";
import { describeFaults } from "../../../ops/adopt/print";
import type { Look } from "../../../ops/adopt/look";
import { claim, deployment, facts, live, pod, stack, workloadSpec } from "./objects";

const files = (...paths: string[]): Look => ({
  listing: {
    entries: paths.map((path) => ({ path, directory: false, uid: 999, gid: 999, mode: 0o600, size: 1 })),
    versions: {},
    closed: [],
  },
});

/** What is refused where this was seen on the claim, beside a live workload with so many ready pods, or none. */
function refused(look: Look, ready?: number): string[] {
  const own = live(deployment, { spec: workloadSpec({ template: pod() }), status: { readyReplicas: ready } });
  const has = facts([[claim, live(claim)], ...(ready === undefined ? [] : ([[deployment, own]] as [never]))], {
    looks: new Map([[claim.urn, look]]),
  });
  return describeFaults(decideAdoption([claim, deployment], [], has, stack));
}

describe("what adopt decides by what it saw on a volume", () => {
  it("takes what the service reads", () => assert.deepEqual(refused(files("", "dump.rdb")), []));
  it("refuses what it would not find", () =>
    assert.deepEqual(refused(files("", "old/dump.rdb")), [
      "PersistentVolumeClaim data/redis-data: its data is in the directory old, and redis looks in its root; stop " +
        "what " +
        "uses it, and move the data to its root with a pod that mounts it",
    ]));
  it("believes a running workload where no pod can look, and nobody else", () => {
    const unseen = { unseen: "the pod redis-1 has it for itself (ReadWriteOncePod)" };
    assert.deepEqual(refused(unseen, 1), []);
    for (const ready of [0, undefined])
      assert.deepEqual(refused(unseen, ready), [
        "PersistentVolumeClaim data/redis-data: what is on it can't be looked at (the pod redis-1 has it for itself " +
          "(ReadWriteOncePod)), and no running workload tells; mend that, or run the workload that made it, and run " +
          "this again: kubectl -n data describe pvc redis-data",
      ]);
  });
});
