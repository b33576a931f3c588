import assert from "node:assert/strict";
import { findClaim } from "../../../ops/move/find";
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
    ["mongodb-replica-set", 'no service "mongodb-replica-set" in stack "dev"; it has: flowise, n8n, neo4j, postgres, qdrant, redis, searxng, taskflow, taskflow-db'],
    ["taskflow", "taskflow has several volumes; name one: taskflow/storage, taskflow/logs"],
    ["taskflow/storag", 'taskflow has no volume "storag" (did you mean "storage"?)'],
    ["redis/zzzzzzzzzzzz", 'redis has no volume "zzzzzzzzzzzz"; it has: redis'],
  ] as const) {
    it(operand, () => assert.throws(() => findClaim(operand, plan), { name: "UserError", message }));
  }
});
