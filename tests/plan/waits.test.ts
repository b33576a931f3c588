import assert from "node:assert/strict";
import { readyWithin } from "../../plan/waits";
import { catalogue } from "../../services/catalogue";
import { deploy } from "../components/deployed";
import { one } from "../components/recorded";

describe("how long an update waits for a service", () => {
  const table: [string, number][] = [
    ["redis", 985],
    ["postgres", 2245],
    ["neo4j", 5445],
    ["taskflow", 600],
  ];
  for (const [name, seconds] of table)
    it(`is as long as the probes of ${name} allow: ${seconds} s`, () => {
      const { graceSeconds, probes } = catalogue.get(name)!;
      assert.equal(readyWithin(graceSeconds, probes), seconds);
    });

  it("is written on its workload, and on the job that makes a database in it", async () => {
    const all = await deploy(
      "    postgres: { size: 1Gi }\n    n8n: { size: 1Gi }\n    redis: { size: 1Gi, graceSeconds: 3600 }",
    );
    assert.deepEqual(one(all, "StatefulSet", "postgres").opts.customTimeouts, { create: "2245s", update: "2245s" });
    assert.deepEqual(one(all, "Job", "postgres-database-n8n").opts.customTimeouts, {
      create: "2245s",
      update: "2245s",
    });
    const redis = one(all, "Deployment", "redis");
    assert.deepEqual(redis.opts.customTimeouts, { create: "4525s", update: "4525s" });
    assert.equal(redis.inputs.spec.progressDeadlineSeconds, 4525);
  });
});
