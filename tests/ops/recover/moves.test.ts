import assert from "node:assert/strict";
import type { V1Deployment, V1StatefulSet, V1Volume } from "@kubernetes/client-node";
import type { Move } from "../../../model/mover";
import { describeRevival, factOf, revive, unfinishedMoves } from "../../../ops/recover/moves";
import type { StateResource } from "../../../ops/pulumi/state";
import { moveJob, moveOf, urnOf } from "./move-job";

const recorded = (over: Partial<StateResource> = {}): StateResource => ({
  ...moveJob(),
  id: "cache/redis-data-1-to-2",
  ...over,
});

describe("unfinishedMoves", () => {
  it("is a move's job whose create is pending", () => {
    assert.deepEqual(unfinishedMoves({ pending_operations: [{ type: "creating", resource: moveJob() }] }), [
      { urn: urnOf("redis-data-1-to-2"), move: moveOf() },
    ]);
  });

  it("is one that was recorded without being ready", () => {
    assert.deepEqual(unfinishedMoves({ resources: [recorded({ initErrors: ["was cancelled"] })] }), [
      { urn: urnOf("redis-data-1-to-2"), move: moveOf() },
    ]);
  });

  it("is one once, though it is recorded and its replacement was under way", () => {
    const resources = [recorded({ initErrors: ["failed"] })];
    assert.equal(
      unfinishedMoves({ resources, pending_operations: [{ type: "deleting", resource: recorded() }] }).length,
      1,
    );
  });

  const finished: [about: string, resources: StateResource[]][] = [
    ["a job that was recorded as complete", [recorded()]],
    ["one whose deletion for a replacement is done", [recorded({ initErrors: ["failed"], pendingReplacement: true })]],
    [
      "another job",
      [
        {
          ...recorded({ initErrors: ["failed"] }),
          inputs: { spec: { template: { spec: { containers: [{ env: [{ name: "PGHOST", value: "postgres" }] }] } } } },
        },
      ],
    ],
    ["a job without containers in its inputs", [recorded({ initErrors: ["failed"], inputs: {} })]],
    ["another kind", [recorded({ initErrors: ["not ready"], type: "kubernetes:apps/v1:Deployment" })]],
  ];
  for (const [about, resources] of finished)
    it(`is not ${about}`, () => assert.deepEqual(unfinishedMoves({ resources }), []));
});

describe("revive", () => {
  const cases: [about: string, replicas: number, moving: string | undefined, patch: object | undefined][] = [
    [
      "a stopped workload is started, and the mark goes",
      0,
      "m",
      { metadata: { annotations: { "cluster-storage/moving": null } }, spec: { replicas: 1 } },
    ],
    ["a running one only loses the mark", 1, "m", { metadata: { annotations: { "cluster-storage/moving": null } } }],
    ["one that a person stopped is not started", 0, undefined, undefined],
    ["one that runs without a mark is left", 1, undefined, undefined],
  ];
  for (const [about, replicas, moving, patch] of cases)
    it(about, () => assert.deepEqual(revive({ replicas, moving }), patch));
});

describe("describeRevival", () => {
  it("says on which claim a service runs again", () => {
    assert.equal(
      describeRevival(moveOf(), { replicas: 0, moving: "redis-data-1-to-2", claim: "redis-data" }),
      "Deployment redis was stopped for the move redis-data-1-to-2: started again, on claim redis-data",
    );
  });
  it("says that one has no claim", () => {
    assert.equal(
      describeRevival(moveOf(), { replicas: 0, moving: "redis-data-1-to-2" }),
      "Deployment redis was stopped for the move redis-data-1-to-2: started again, with the data in its pod",
    );
  });
  it("says that one ran and only bore the mark", () => {
    assert.equal(
      describeRevival(moveOf(), { replicas: 1, moving: "redis-data-1-to-2", claim: "redis-data-2" }),
      "Deployment redis runs on claim redis-data-2 and still had the mark of the move redis-data-1-to-2: the " +
        "mark was removed",
    );
  });
});

describe("factOf", () => {
  const template = (volumes: V1Volume[]) => ({ spec: { containers: [], volumes } });

  it("reads replicas, mark and the claim of the volume that moves", () => {
    const volumes = [
      { name: "other", persistentVolumeClaim: { claimName: "no" } },
      { name: "redis-data", persistentVolumeClaim: { claimName: "redis-data" } },
    ];
    const workload: V1Deployment = {
      metadata: { annotations: { "cluster-storage/moving": "m" } },
      spec: { replicas: 0, selector: {}, template: template(volumes) },
    };
    assert.deepEqual(factOf(workload, moveOf()), { replicas: 0, moving: "m", claim: "redis-data" });
  });

  it("names a template's claim as the controller does", () => {
    const move: Move = {
      ...moveOf(),
      workload: { kind: "StatefulSet", name: "db" },
      template: { from: "data", to: "data-2" },
    };
    const workload: V1StatefulSet = {
      metadata: {},
      spec: {
        replicas: 1,
        selector: {},
        serviceName: "db",
        template: template([]),
        volumeClaimTemplates: [{ metadata: { name: "data-2" } }],
      },
    };
    assert.deepEqual(factOf(workload, move), { replicas: 1, moving: undefined, claim: "data-2-db-0" });
  });

  it("has no claim where the data is in the pod", () => {
    const workload: V1Deployment = {
      spec: { selector: {}, template: template([{ name: "redis-data", emptyDir: {} }]) },
    };
    assert.deepEqual(factOf(workload, moveOf()), { replicas: 1, moving: undefined, claim: undefined });
  });
});
