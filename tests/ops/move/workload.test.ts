import assert from "node:assert/strict";
import type { V1Deployment, V1StatefulSet } from "@kubernetes/client-node";
import { readWorkload } from "../../../kube/read/workloads";
import { assertSettled, inUse } from "../../../ops/move/workload";
import { findClaim } from "../../../ops/move/find";
import { committedStacks, planOf } from "../../stack";

const dev = committedStacks().get("dev")!;
const moved = planOf(
  dev.replace(
    /redis: \{[^}]*\}/,
    "redis: { size: 1Gi, class: local-path, generation: 2, kept: [{ generation: 1, size: 1Gi }] }",
  ),
  "dev",
).plan;
const claim = findClaim("redis", moved);

const deployment = (...claims: string[]): V1Deployment => ({
  metadata: { name: "redis" },
  spec: {
    selector: {},
    template: {
      spec: {
        containers: [],
        volumes: [
          ...claims.map((claimName) => ({ name: claimName, persistentVolumeClaim: { claimName } })),
          { name: "scratch", emptyDir: {} },
        ],
      },
    },
  },
});
const set: V1StatefulSet = {
  metadata: { name: "taskflow-db" },
  spec: {
    selector: {},
    serviceName: "x",
    template: { spec: { containers: [] } },
    volumeClaimTemplates: [{ metadata: { name: "postgres-data-2" }, spec: {} }],
  },
};

describe("the claims of a workload", () => {
  it("are those that the pod names", () =>
    assert.deepEqual([...readWorkload(deployment("redis-data")).claims], ["redis-data"]));
  it("are those of its templates, by the name that the controller gives them", () =>
    assert.deepEqual([...readWorkload(set).claims], ["postgres-data-2-taskflow-db-0"]));
  it("are not those that its pod's own directory was only filled from", () => {
    const inPod = deployment("redis-data");
    inPod.spec!.template.spec!.volumes!.push({
      name: "bring-redis-data",
      persistentVolumeClaim: { claimName: "redis-data-2" },
    });
    assert.deepEqual([...readWorkload(inPod).claims], ["redis-data"]);
  });
  it("say which generation is in use", () => {
    assert.equal(inUse(claim, readWorkload(deployment("redis-data")))?.generation, 1);
    assert.equal(inUse(claim, readWorkload(deployment("redis-data-2")))?.generation, 2);
    assert.equal(inUse(claim, readWorkload(deployment("other"))), undefined);
  });
});

describe("a move that isn't at its end", () => {
  const check = (claims: string[], moving?: string, next?: number) =>
    assertSettled("redis", claim, { moving, claims: new Set(claims) }, { next, command: "npm start" });
  it("is none where the service is on the volume that the config says", () => check(["redis-data-2"]));
  it("is none where the service's volume is none that the config knows", () => check(["other"]));
  it("stops another", () => {
    const message =
      "the last move of redis isn't finished (the config names redis-data-2, and the service is on redis-data); npm " +
      "start continues it, and npm run move -- redis --back --as-it-was gives it up";
    assert.throws(() => check(["redis-data"]), { name: "UserError", message });
  });
  it("stops another while it is under way", () => {
    const message =
      "the last move of redis isn't finished (job redis-data-1-to-2 is under way, and the service is on " +
      "redis-data-2); npm start continues it, and npm run move -- redis --back --as-it-was gives it up";
    assert.throws(() => check(["redis-data-2"], "redis-data-1-to-2"), { name: "UserError", message });
  });
  it("is given up by a return to the volume that is in use", () => check(["redis-data"], undefined, 1));
  it("can't begin without a workload", () => {
    const refused = (run: boolean | undefined, message: string) =>
      assert.throws(() => assertSettled("redis", claim, undefined, { command: "npm start", run }), {
        name: "UserError",
        message,
      });
    refused(
      false,
      "redis has no workload in the cluster that a move could stop and start; its config has run: false, so set " +
        "run: true and deploy that first (npm start)",
    );
    const message =
      "redis has no workload in the cluster that a move could stop and start; deploy it first (npm start)";
    refused(true, message);
    assert.throws(() => assertSettled("redis", claim, undefined, { command: "npm start" }), {
      name: "UserError",
      message,
    });
  });
});
