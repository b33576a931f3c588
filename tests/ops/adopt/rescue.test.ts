import assert from "node:assert/strict";
import type { Facts, Planned } from "../../../ops/adopt/types";
import { giveBackNotes, letGoOfClaims, startAgain } from "../../../ops/adopt/carry-out-rescue";
import { describeFaults, describePlan } from "../../../ops/adopt/print";
import { decideLost, decideRescues, isRescue, isResume } from "../../../ops/adopt/rescue";
import { claim, deployment, facts, live, stack, volume } from "./objects";
import { user } from "./outcome";
import { cluster } from "./rescue-cluster";

const mine = { "cluster-storage/stack": stack };
const going = (more: object = {}) =>
  live(claim, {
    metadata: { deletionTimestamp: "2026-01-01T00:00:00Z", annotations: { ...mine, "cluster-storage/moved": "{}" } },
    spec: { volumeName: "pvc-1" },
    ...more,
  });
const redis = (more: object = {}, spec: object = { replicas: 1 }) =>
  live(deployment, { metadata: { uid: "2", annotations: { ...mine, ...more } }, spec });
const own = user({ pod: "redis-1", owner: { kind: "Deployment", name: "redis" } });
const bound = { phase: "Bound", claimUid: "1", reclaimPolicy: "Delete" };

function decide(pairs: [Planned, ReturnType<typeof live>][], more: Partial<Facts> = {}) {
  const has = facts(pairs, { volumes: [volume(bound)], users: [own], ...more });
  return decideRescues([claim], [deployment], has, stack);
}
const table = (verdicts: ReturnType<typeof decide>) => describePlan(verdicts, []).split("\n").slice(1);

describe("a claim that is being deleted while its pod runs", () => {
  it("is made again on its volume, which is set to Retain before the pod stops", () =>
    assert.deepEqual(
      table(
        decide([
          [claim, going()],
          [deployment, redis()],
        ]),
      ),
      [
        "PersistentVolumeClaim  data/redis-data  is being deleted  its volume pvc-1 is set from Delete to Retain; " +
          "then Deployment redis is stopped, the claim goes and is made again on its volume pvc-1, and it is started " +
          "again",
      ],
    ));

  it("is made again also where no pod uses it, and where its volume stays anyhow", () =>
    assert.deepEqual(
      table(decide([[claim, going()]], { users: [], volumes: [volume({ ...bound, reclaimPolicy: "Retain" })] })),
      [
        "PersistentVolumeClaim  data/redis-data  is being deleted  the claim goes and is made again on its volume " +
          "pvc-1",
      ],
    ));

  it("is none of this where it isn't being deleted or is not this stack's", () => {
    assert.deepEqual(decide([[claim, live(claim, { metadata: { annotations: mine } })]]), []);
    assert.deepEqual(decide([[claim, going({ metadata: { deletionTimestamp: "x", annotations: {} } })]]), []);
  });

  const at = "PersistentVolumeClaim data/redis-data:";
  const refused: [string, Partial<Facts>, string][] = [
    [
      "a pod that isn't the stack's uses it",
      { users: [user()] },
      `${at} it is being deleted, and the pod cache-1 uses it, which is not one of the stack's; leave that pod ` +
        "running until its owner can stop it for good, and run this again",
    ],
    [
      "its volume is gone",
      { volumes: [] },
      `${at} it is being deleted, and pvc-1 is gone; there is no data to keep on it: wait until it is gone, and run ` +
        "this again",
    ],
    [
      "its volume is being deleted as well",
      { volumes: [volume({ ...bound, deleting: true })] },
      `${at} it is being deleted, and its volume pvc-1 as well; leave its pod running, and copy the data out of it: ` +
        "nothing can make this claim again on that volume",
    ],
    [
      "the volume is another claim's",
      { volumes: [volume({ ...bound, claimUid: "other" })] },
      `${at} its volume pvc-1 is another claim's; look whose: kubectl describe pv pvc-1`,
    ],
  ];
  for (const [what, more, message] of refused)
    it(`is left alone where ${what}`, () =>
      assert.deepEqual(
        describeFaults(
          decide(
            [
              [claim, going()],
              [deployment, redis()],
            ],
            more,
          ),
        ),
        [message],
      ));

  it("leaves a stopped service, which is started again with the pods that it had", () => {
    const verdicts = decide([[deployment, redis({ "cluster-storage/stopped-for-adopt": "2" }, { replicas: 0 })]]);
    assert.deepEqual(table(verdicts), ["Deployment  data/redis  stopped by npm run adopt  started again with 2 pods"]);
  });
});

describe("a workload that somebody deleted", () =>
  it("is dropped from the state, so that the next update makes it again", () => {
    assert.deepEqual(table(decideLost([deployment], facts([]))), [
      "Deployment  data/redis  is gone  dropped from the state; the next update makes it again",
    ]);
    assert.deepEqual(decideLost([deployment], facts([[deployment, redis()]])), []);
  }));

describe("letting a claim go without its data", () => {
  const rescues = decide([
    [claim, going()],
    [deployment, redis()],
  ]).filter(isRescue);
  const moved = JSON.stringify(JSON.stringify({ ...mine, "cluster-storage/moved": "{}" }));
  const keep =
    `PersistentVolume pvc-1 {"annotations":{"cluster-storage/notes-of-claim":${moved}},` +
    '"spec":{"persistentVolumeReclaimPolicy":"Retain"}}';

  it("sets the volume to Retain, then stops the workload", async () => {
    const [{ kube, changes }, said] = [cluster(), [] as string[]];
    await letGoOfClaims(kube, rescues, (line) => said.push(line));
    assert.deepEqual(changes, [
      keep,
      'Deployment redis {"annotations":{"cluster-storage/stopped-for-adopt":"1"},"spec":{"replicas":0}}',
    ]);
    assert.deepEqual(said, [
      "volume pvc-1 of claim data/redis-data is kept (policy Retain)",
      "Deployment data/redis is stopped until its claims are back",
    ]);
  });

  it("stops nothing where the volume is not kept", async () => {
    const { kube, changes } = cluster("Delete");
    await assert.rejects(
      letGoOfClaims(kube, rescues, () => undefined),
      {
        name: "UserError",
        message:
          "volume pvc-1 of claim data/redis-data could not be set to Retain: it is Bound, policy Delete; no pod was " +
          "stopped",
      },
    );
    assert.deepEqual(changes, [keep]);
  });

  it("starts it again, and gives the claim its notes back", async () => {
    const [verdict] = decide([
      [deployment, redis({ "cluster-storage/stopped-for-adopt": "2" }, { replicas: 0 })],
    ]).filter(isResume);
    const { kube, changes, looks } = cluster();
    await giveBackNotes(kube, "data", "redis-data");
    await startAgain(kube, verdict!);
    assert.equal(looks(), 2, "it waits until its pods are ready");
    assert.deepEqual(changes, [
      'PersistentVolumeClaim redis-data {"annotations":{"cluster-storage/moved":"{}"}}',
      'PersistentVolume pvc-1 {"annotations":{"cluster-storage/notes-of-claim":null}}',
      'Deployment redis {"annotations":{"cluster-storage/stopped-for-adopt":null},"spec":{"replicas":2}}',
    ]);
  });

  it("goes on where its pods don't get ready in time", async () => {
    const [verdict] = decide([
      [deployment, redis({ "cluster-storage/stopped-for-adopt": "2" }, { replicas: 0 })],
    ]).filter(isResume);
    const { kube, changes } = cluster("Retain", Infinity);
    await startAgain(kube, verdict!, 600);
    assert.equal(changes.length, 1);
  });
});
