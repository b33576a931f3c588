import assert from "node:assert/strict";
import { statusTable } from "../../../ops/status/print";
import { volumeFacts } from "../../facts";
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

  it("tells of volumes whose reclaim policy isn't their class's, with the command", () => {
    const other = { className: "fast", has: "Delete", says: "Retain" };
    const policies = [
      { ...other, claim: "redis-data", volume: "pvc-1" },
      { ...other, claim: "redis-data-2", volume: "pvc-2" },
      { claim: "old", volume: "pvc-3", className: "slow", has: "Retain", says: "Delete" },
    ];
    const given = new Map([["redis", { ...facts([bound], [ready]).get("redis")!, policies }]]);
    assert.deepEqual(statusTable({ redis }, given).split("\n").slice(2), [
      "1 of 1 claims Bound, 1 of 1 services ready",
      "  the volumes of redis-data and redis-data-2 have the reclaim policy Delete, and class fast says Retain: when " +
        "a claim is deleted, its data is deleted as well:",
      "    kubectl patch persistentvolume pvc-1 pvc-2 --type merge " +
        `-p '{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}'`,
      "  the volume of old is kept when its claim is deleted (Retain), though its class says Delete",
    ]);
  });

  it("names what isn't as it should be, and stand-ins", () => {
    const lines = statusTable({ redis: { ...redis, standIn: true } }, facts([])).split("\n");
    assert.match(lines[1] ?? "", /stand-in \(redis:7\.4\.11-bookworm\)$/);
    assert.deepEqual(lines.slice(2), [
      "0 of 1 claims Bound, 0 of 1 services ready",
      "  redis-data is missing",
      "  redis: no workload: it is not in the cluster; pulumi refresh and then pulumi up make it again",
      "stand-in: 1 of 1 services run a small program instead of their image, " +
        "because no image registry could be reached",
    ]);
  });

  it("says what is wrong with the data in place of a claim's phase, and what an earlier claim has left", () => {
    const found = facts([{ ...bound, deleting: true }], [ready]).get("redis")!;
    const troubles = [{ claim: "redis-data", kind: "deleting" as const, why: "it goes", wayOut: "npm run adopt" }];
    const left = [{ claim: "redis-data", volume: volumeFacts({ name: "pvc-0", phase: "Released", size: "2Gi" }) }];
    const lines = statusTable({ redis }, new Map([["redis", { ...found, troubles, left }]])).split("\n");
    assert.deepEqual(lines.slice(2), [
      "0 of 1 claims Bound, 1 of 1 services ready",
      "  it goes:",
      "    npm run adopt",
      "  volume pvc-0 (Released, 2Gi) was left by an earlier claim redis-data, and its data is not in use:",
      "    docs/adopting.md says how to have it as a kept volume",
    ]);
  });
});
