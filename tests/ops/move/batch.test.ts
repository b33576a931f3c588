import { volumePath } from "../../../model/config-path";
import assert from "node:assert/strict";
import { backendTypes } from "../../../backends/catalogue";
import { jobsOf, planBatch } from "../../../ops/move/batch";
import type { ClaimChange } from "../../../ops/move/decide";
import { servicesAtOnce } from "../../../ops/move/describe";
import { listPlaces } from "../../../ops/move/places";
import { planOf as planFile } from "../../../ops/pulumi/stack-plan";

const owner = { project: "cluster-storage", stack: "dev" };
const file = (redis: string, storage: string, logs: string) => `config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends:
    local-path: { type: local-path, nodes: { a: [/mnt/a], b: [/mnt/b] }, default: true }
  cluster-storage:services:
    redis: ${redis} # the cache
    taskflow-db: { size: 1Gi }
    taskflow:
      storage: ${storage}
      logs: ${logs}
`;
const before = file("{ size: 1Gi, node: a }", "{ size: 5Gi }", "{ size: 1Gi, class: local-path }");

function written(text: string, paths: string[], change: ClaimChange) {
  const planned = planFile(text, owner);
  const claims = planned.plan.services
    .flatMap((service) => service.claims)
    .filter((claim) => paths.includes(volumePath(claim)));
  const batch = planBatch({ owner, text, planned, places: listPlaces(planned.config, backendTypes) }, claims, change);
  return {
    after: batch.text.after,
    jobs: jobsOf(batch),
    next: batch.moves.map(({ after }) => after.generation),
    together: servicesAtOnce(batch.moves),
  };
}

const all = ["services.redis", "services.taskflow.storage", "services.taskflow.logs"];
const onB = file(
  "{ size: 1Gi, node: b, generation: 2, kept: [ { generation: 1, size: 1Gi, node: a } ] }",
  "{ size: 5Gi, node: b, generation: 2, kept: [ { generation: 1, size: 5Gi } ] }",
  "{ size: 1Gi, class: local-path, node: b, generation: 2, kept: [ { generation: 1, size: 1Gi, class: local-path } ] }",
);

describe("a batch of several claims", () => {
  it("are one change of the file, with a job each", () => {
    const { after, jobs, next, together } = written(before, all, { kind: "node", node: "b" });
    assert.equal(after, onB);
    assert.deepEqual(jobs, [
      { namespace: "local-ai-system", job: "redis-data-1-to-2" },
      { namespace: "taskflow", job: "app-storage-1-to-2" },
      { namespace: "taskflow", job: "logs-storage-1-to-2" },
    ]);
    assert.deepEqual(next, [2, 2, 2]);
    assert.deepEqual(together, ["taskflow"]);
  });

  it("return as they were: the node of each is again what it was", () => {
    const { after, jobs, next, together } = written(onB, all, { kind: "back", asItWas: true });
    const kept = (size: string, more = "") => `kept: [ { generation: 2, size: ${size}, ${more}node: b } ]`;
    assert.equal(
      after,
      file(
        `{ size: 1Gi, node: a, generation: 1, ${kept("1Gi")} }`,
        `{ size: 5Gi, generation: 1, ${kept("5Gi")} }`,
        `{ size: 1Gi, class: local-path, generation: 1, ${kept("1Gi", "class: local-path, ")} }`,
      ),
    );
    assert.deepEqual([jobs, next, together], [[], [1, 1, 1], []]);
  });

  it("don't go where the backend has no directory, said with where to add one", () => {
    const at = (path: string) =>
      `  cluster-storage:${path}.node: backend "local-path" has no directory on node c; name one in ` +
      "backends.local-path.nodes.c, or one for all nodes in backends.local-path.path";
    const message = `the config of stack "dev" has 1 fault, so nothing was changed:\n${at("services.redis")}`;
    assert.throws(() => written(before, ["services.redis"], { kind: "node", node: "c" }), {
      name: "UserError",
      message,
    });
  });
});
