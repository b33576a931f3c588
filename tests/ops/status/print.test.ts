import assert from "node:assert/strict";
import { statusTable } from "../../../ops/status/print";
import { redis, bound, ready, facts } from "./redis";

describe("statusTable", () => {
  it("prints plain columns and what is in order below them", () => {
    assert.equal(
      statusTable({ redis }, facts([bound], [ready])),
      [
        "SERVICE  NAMESPACE  KIND        CLAIM       CLASS  SIZE  PHASE  NODE   POD      STATE  IMAGE",
        "redis    cache      Deployment  redis-data  fast   2Gi   Bound  local  redis-1  ready  redis:running",
        "1 of 1 claims Bound, 1 of 1 services ready",
      ].join("\n"),
    );
  });

  it("takes a service that isn't to run for in order, with its claim", () => {
    const idle = { ...redis, run: false };
    const [, row, ...below] = statusTable(
      { redis: idle, n8n: redis },
      new Map([...facts([bound]), ["n8n", facts([bound], [ready]).get("redis")!]]),
    ).split("\n");
    assert.equal(
      row,
      "redis    cache      Deployment  redis-data  fast   2Gi   Bound  -      -        not run  redis:7.4.11-bookworm",
    );
    assert.deepEqual(below.slice(1), ["2 of 2 claims Bound, 1 of 1 services ready"]);
  });

  it("names what isn't as it should be, and stand-ins", () => {
    const lines = statusTable({ redis: { ...redis, standIn: true } }, facts([])).split("\n");
    assert.match(lines[1] ?? "", /stand-in \(redis:7\.4\.11-bookworm\)$/);
    assert.deepEqual(lines.slice(2), [
      "0 of 1 claims Bound, 0 of 1 services ready",
      "  redis-data is missing",
      "  redis: no workload",
      "stand-in: 1 of 1 services run a small program instead of their image, " +
        "because no image registry could be reached",
    ]);
  });
});
