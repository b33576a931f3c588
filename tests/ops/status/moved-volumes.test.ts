import assert from "node:assert/strict";
import type { ServiceOutput } from "../../../ops/pulumi/outputs";
import { statusTable } from "../../../ops/status/print";
import { statusRows } from "../../../ops/status/rows";
import { redis, bound, ready, facts } from "./redis";

describe("moved volumes", () => {
  const volume = (generation: number, more = {}) => ({
    name: generation === 1 ? "redis-data" : `redis-data-${generation}`,
    class: "fast",
    size: "1Gi",
    generation,
    ephemeral: false,
    ...more,
  });
  const moved: ServiceOutput = {
    ...redis,
    claims: [{ ...volume(2), kept: [volume(1), volume(3, { ephemeral: true })] }],
  };
  const second = { ...bound, name: "redis-data-2" };

  it("are rows of their own, without a pod; a directory that went with its pod is none", () => {
    const rows = statusRows({ redis: moved }, facts([bound, second], [ready]));
    assert.deepEqual(
      rows.map(({ claim, generation, kept, pod, phase, size }) => [claim, generation, kept, pod, phase, size]),
      [
        ["redis-data-2", 2, false, "redis-1", "Bound", "2Gi"],
        ["redis-data", 1, true, null, "Bound", "2Gi"],
      ],
    );
  });

  it("stand below the table, with their age, and aren't counted", () => {
    assert.deepEqual(
      statusTable({ redis: moved }, facts([bound, second], [ready]), new Date("2026-11-22T05:40:00Z"))
        .split("\n")
        .slice(2),
      [
        "1 of 1 claims Bound, 1 of 1 services ready",
        "kept from earlier moves; npm run release -- SERVICE deletes one:",
        "  redis-data of redis, generation 1: 2Gi, fast, 3d old",
      ],
    );
  });

  it("say when one is gone", () => {
    assert.match(
      statusTable({ redis: moved }, facts([second], [ready])),
      /\n {2}redis-data of redis, generation 1: 1Gi, fast, missing$/,
    );
  });

  it("tell a move that is under way", () => {
    const moving = new Map([["redis", { ...facts([bound, second], []).get("redis")!, moving: "redis-data-1-to-2" }]]);
    assert.equal(statusRows({ redis: moved }, moving)[0]?.moving, "redis-data-1-to-2");
    assert.deepEqual(statusTable({ redis: moved }, moving).split("\n").slice(2, 5), [
      "1 of 1 claims Bound, 0 of 1 services ready",
      "  redis: no pod",
      "  redis: a move is under way (redis-data-1-to-2)",
    ]);
  });

  it("are no claim while the data is in the pod's own directory", () => {
    const scratch: ServiceOutput = {
      ...redis,
      claims: [{ ...volume(2, { ephemeral: true, class: "" }), kept: [volume(1)] }],
    };
    const [row] = statusRows({ redis: scratch }, facts([bound], [ready]));
    assert.deepEqual([row?.phase, row?.created, row?.pod], ["ephemeral", null, "redis-1"]);
    assert.equal(
      statusTable({ redis: scratch }, facts([bound], [ready])).split("\n")[2],
      "0 of 0 claims Bound, 1 of 1 services ready",
    );
  });
});
