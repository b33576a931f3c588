import { readClaim } from "../../../kube/read/claims";
import assert from "node:assert/strict";

import { objection, takenDown } from "../../../ops/recover/taken-down";
import type { Deployment, StateResource } from "../../../ops/pulumi/state";
import { moveJob } from "./move-job";
import { aSet, claimResource, templateMove, urnOfSet } from "./set";

const at = (minute: number) => ({ metadata: { creationTimestamp: `2026-01-01T00:0${minute}:00Z` } });
const job = (began: number, changes: Partial<StateResource> = {}) => ({
  ...moveJob(templateMove),
  id: "job",
  outputs: at(began),
  ...changes,
});
const gone = (template: string, made = 1): StateResource => ({
  ...aSet(template),
  outputs: at(made),
  pendingReplacement: true,
});
const claims = (...sets: Deployment["resources"] & object[]) =>
  takenDown({ resources: sets }).map(({ manifest }) =>
    manifest.spec!.volumeClaimTemplates!.map(({ metadata }) => metadata!.name),
  );
const target = claimResource("data-2-db-0");

describe("takenDown", () => {
  it("is a set whose deletion was done and nothing recorded after it, as the state has it", () => {
    const [set] = takenDown({ resources: [gone("data")] });
    assert.deepEqual(set, { urn: urnOfSet, manifest: aSet("data").inputs, made: Date.parse("2026-01-01T00:01:00Z") });
  });

  it("is one whose deletion had begun", () => {
    const resource = { ...aSet("data"), outputs: at(1) };
    assert.deepEqual(
      takenDown({ resources: [resource], pending_operations: [{ type: "deleting", resource }] }).map(({ urn }) => urn),
      [urnOfSet],
    );
  });

  const others: [about: string, deployment: Deployment][] = [
    ["one that stands", { resources: [{ ...aSet("data"), outputs: at(1) }] }],
    [
      "one that is being updated",
      {
        resources: [{ ...aSet("data"), outputs: at(1) }],
        pending_operations: [{ type: "updating", resource: aSet("data") }],
      },
    ],
    [
      "one without a claim template: no update makes it anew for a move",
      {
        resources: [{ ...aSet("data", { volumeClaimTemplates: undefined }), outputs: at(1), pendingReplacement: true }],
      },
    ],
    ["another kind", { resources: [{ ...gone("data"), type: "kubernetes:apps/v1:Deployment" }] }],
    ["an old generation", { resources: [{ ...gone("data"), delete: true }] }],
    ["one of which nobody knows when it was made", { resources: [{ ...gone("data"), outputs: {} }] }],
    ["one whose move isn't over", { resources: [gone("data"), job(2, { initErrors: ["was cancelled"] })] }],
  ];
  for (const [about, deployment] of others) it(`is not ${about}`, () => assert.deepEqual(takenDown(deployment), []));

  it("comes back where it was, on a return as it was: its move is the one that it came by", () => {
    assert.deepEqual(claims(gone("data-2"), job(0), target), [["data-2"]]);
    assert.deepEqual(claims(gone("data-2"), job(2), target), [["data-2"]]);
  });

  it("comes back on the move's target where its data had moved since it was made", () => {
    const [set] = takenDown({ resources: [gone("data", 1), job(2), target] });
    assert.deepEqual(set?.manifest.spec?.volumeClaimTemplates, [
      {
        metadata: { name: "data-2" },
        spec: { accessModes: ["ReadWriteOnce"], storageClassName: "fast", resources: { requests: { storage: "1Gi" } } },
      },
    ]);
    assert.deepEqual(set?.manifest.spec?.template.spec?.containers[0]?.volumeMounts, [
      { name: "data-2", mountPath: "/data" },
    ]);
  });

  it("comes back where it was where it had returned there after that move", () => {
    assert.deepEqual(claims(gone("data", 3), job(2), target), [["data"]]);
  });

  it("comes back on the claim where its data had left the pod's own directory", () => {
    const inPod = gone("data");
    const spec = inPod.inputs!.spec as { volumeClaimTemplates?: object; template: { spec: { volumes?: object[] } } };
    delete spec.volumeClaimTemplates;
    spec.template.spec.volumes = [{ name: "data", emptyDir: {} }];
    assert.deepEqual(claims(inPod, job(2), target), [["data-2"]]);
    assert.deepEqual(claims(inPod, job(0), target), [], "empty, it would take writes that go with the pod");
  });

  it("stays away where the state doesn't say what its data moved to, or when", () => {
    assert.deepEqual(claims(gone("data"), job(2)), []);
    assert.deepEqual(claims(gone("data"), job(2, { outputs: {} }), target), []);
    assert.deepEqual(claims(gone("data"), job(2), { ...job(2), urn: "another" }, target), []);
  });
});

describe("objection", () => {
  const made = Date.parse("2026-01-01T00:01:00Z");
  const claim = (phase: string, moved?: object, deletionTimestamp?: Date) =>
    readClaim({
      metadata: {
        name: "data-db-0",
        annotations: moved ? { "cluster-storage/moved-to": JSON.stringify(moved) } : {},
        deletionTimestamp,
      },
      status: { phase },
    });

  it("has nothing against a claim with a volume that its set didn't leave, or returned to", () => {
    assert.equal(objection("data-db-0", claim("Bound"), made), undefined);
    assert.equal(
      objection("data-db-0", claim("Bound", { to: "data-2-db-0", at: "2026-01-01T00:00:59Z" }), made),
      undefined,
    );
  });

  it("is one against a claim without a volume: the set's controller would make an empty one", () => {
    for (const without of [undefined, claim("Pending"), claim("Lost"), claim("Bound", undefined, new Date())]) {
      assert.equal(objection("data-db-0", without, made), "its claim data-db-0 has no volume");
    }
  });

  it("is one against a claim that its set's data has left since", () => {
    assert.equal(
      objection("data-db-0", claim("Bound", { to: "data-2-db-0", at: "2026-01-01T00:02:00Z" }), made),
      "its data has left its claim data-db-0 for data-2-db-0",
    );
  });
});
