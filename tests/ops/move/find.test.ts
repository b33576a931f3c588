import assert from "node:assert/strict";
import { backendTypes } from "../../../backends/catalogue";
import type { ClaimChange } from "../../../ops/move/decide";
import { findClaim, findTogether } from "../../../ops/move/find";
import { listPlaces } from "../../../ops/move/places";
import { committedStacks, planOf } from "../../stack";

const { plan } = planOf(committedStacks().get("dev")!, "dev");

describe("the claim that is meant", () => {
  for (const [operand, claim] of [
    ["redis", "redis-data"],
    ["redis/redis-data", "redis-data"],
    ["taskflow/storage", "app-storage"],
    ["taskflow/logs-storage", "logs-storage"],
    ["taskflow-db", "postgres-data-taskflow-db-0"],
    ["taskflow-db/postgres-data", "postgres-data-taskflow-db-0"],
  ] as const) {
    it(operand, () => assert.equal(findClaim(operand, plan).name, claim));
  }
});

describe("what means no claim", () => {
  for (const [operand, message] of [
    ["rediss", 'no service "rediss" in stack "dev" (did you mean "redis"?)'],
    [
      "mongodb-replica-set",
      'no service "mongodb-replica-set" in stack "dev"; it has: flowise, n8n, neo4j, postgres, qdrant, redis, ' +
        "searxng, taskflow, taskflow-db",
    ],
    ["taskflow", "taskflow has several volumes; choose one: taskflow/storage, taskflow/logs"],
    ["taskflow/storag", 'taskflow has no volume "storag" (did you mean "storage"?)'],
    ["redis/zzzzzzzzzzzz", 'redis has no volume "zzzzzzzzzzzz"; it has: redis'],
  ] as const) {
    it(operand, () => assert.throws(() => findClaim(operand, plan), { name: "UserError", message }));
  }
});

describe("the volumes of a service that go to another node together", () => {
  const moved = "generation: 2, kept: [{ generation: 1, size: 1Gi }]";
  const node: ClaimChange = { kind: "node", node: "b" };
  const back: ClaimChange = { kind: "back", asItWas: false };
  const cases: [string, string, ClaimChange, string[] | undefined, string?][] = [
    [
      "all that are tied to one",
      "storage: { size: 1Gi }, logs: { size: 1Gi }, files: { size: 1Gi, backend: share }",
      node,
      ["app-storage", "logs-storage"],
    ],
    [
      "not those that are there by their lines",
      "storage: { size: 1Gi, node: b }, logs: { size: 1Gi }",
      node,
      ["logs-storage"],
    ],
    [
      "to another disk too",
      "storage: { size: 1Gi }, logs: { size: 1Gi }",
      { kind: "to", to: "slow", node: "b" },
      ["app-storage", "logs-storage"],
    ],
    [
      "not where one of them is named",
      "storage: { size: 1Gi }, logs: { size: 1Gi }",
      node,
      undefined,
      "taskflow/storage",
    ],
    [
      "not to another backend, which each goes to by itself",
      "storage: { size: 1Gi }, logs: { size: 1Gi }",
      { kind: "to", to: "share" },
      undefined,
    ],
    [
      "back again, those that went",
      `storage: { size: 1Gi, node: b, ${moved} }, logs: { size: 1Gi, node: b, ${moved} }`,
      back,
      ["app-storage-2", "logs-storage-2"],
    ],
    [
      "not back from another backend",
      `storage: { size: 1Gi, backend: share, ${moved} }, logs: { size: 1Gi }`,
      back,
      undefined,
    ],
    [
      "not back once they are",
      "storage: { size: 1Gi, from: 2, kept: [{ generation: 2, size: 1Gi, node: b }] }, logs: { size: 1Gi }",
      back,
      undefined,
    ],
  ];
  for (const [title, taskflow, request, claims, operand = "taskflow"] of cases) {
    it(title, () => {
      const { plan, config, faults } = planOf(`config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends:
    slow: { type: local-path, path: /opt/slow, default: true }
    share: { type: nfs, server: nas.home, share: /volumes }
  cluster-storage:services: { taskflow-db: { size: 1Gi }, taskflow: { ${taskflow} } }`);
      assert.deepEqual(faults, []);
      assert.deepEqual(
        findTogether(operand, plan, listPlaces(config, backendTypes), request)?.map(({ name }) => name),
        claims,
      );
    });
  }
  it("are none of a service with one", () => assert.equal(findTogether("redis", plan, [], node), undefined));
});
