import assert from "node:assert/strict";
import type { V1PersistentVolumeClaim, V1Pod } from "@kubernetes/client-node";
import type { ServiceOutput } from "../../../ops/pulumi/outputs";
import { statusTable } from "../../../ops/status/print";
import { podSummary, statusRows, type ServiceFacts } from "../../../ops/status/rows";

const redis: ServiceOutput = {
  namespace: "cache",
  kind: "Deployment",
  workload: "redis",
  run: true,
  claims: [{ name: "redis-data", class: "local-path", size: "1Gi", generation: 1, ephemeral: false, kept: [] }],
  image: "redis:7.4.11-bookworm",
  standIn: false,
  check: { container: "redis", write: [], read: [] },
};
const bound: V1PersistentVolumeClaim = {
  metadata: { name: "redis-data", creationTimestamp: new Date("2026-11-19T05:40:00Z") },
  spec: { storageClassName: "fast", resources: { requests: { storage: "2Gi" } } },
  status: { phase: "Bound", capacity: { storage: "2Gi" } },
};
const ready: V1Pod = {
  metadata: { name: "redis-1" },
  spec: {
    nodeName: "local",
    containers: [
      { name: "sidecar", image: "x" },
      { name: "redis", image: "redis:running" },
    ],
  },
  status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
};
const facts = (claims: V1PersistentVolumeClaim[], pods?: V1Pod[]) =>
  new Map<string, ServiceFacts>([
    ["redis", { claims: new Map(claims.map((claim) => [claim.metadata?.name ?? "", claim])), pods }],
  ]);

describe("statusRows", () => {
  it("has exactly the promised keys, filled with what the cluster says", () => {
    assert.deepEqual(statusRows({ redis }, facts([bound], [ready])), [
      {
        service: "redis",
        namespace: "cache",
        kind: "Deployment",
        claim: "redis-data",
        class: "fast",
        size: "2Gi",
        phase: "Bound",
        node: "local",
        pod: "redis-1",
        image: "redis:running",
        standIn: false,
        generation: 1,
        kept: false,
        created: "2026-11-19T05:40:00.000Z",
        moving: null,
      },
    ]);
  });

  it("is honest about what is missing", () => {
    const [row] = statusRows({ redis }, facts([]));
    assert.deepEqual(
      { class: row?.class, size: row?.size, phase: row?.phase, node: row?.node, pod: row?.pod, image: row?.image },
      { class: "local-path", size: "1Gi", phase: "missing", node: null, pod: null, image: "redis:7.4.11-bookworm" },
    );
  });

  it("shows the requested size until the claim is bound", () => {
    const [row] = statusRows({ redis }, facts([{ ...bound, status: { phase: "Pending" } }], []));
    assert.equal(row?.size, "2Gi");
    assert.equal(row.phase, "Pending");
  });

  it("shows a claim that is being deleted as such", () => {
    const [row] = statusRows(
      { redis },
      facts([{ ...bound, metadata: { name: "redis-data", deletionTimestamp: new Date() } }], []),
    );
    assert.equal(row?.phase, "Terminating");
  });

  it("has a row for each claim of a service", () => {
    const taskflow = {
      ...redis,
      claims: [...redis.claims, { name: "logs", class: null, size: "5Gi", generation: 1, ephemeral: false, kept: [] }],
    };
    assert.deepEqual(
      statusRows({ redis: taskflow }, facts([bound], [ready])).map(({ claim, phase, class: name }) => [
        claim,
        phase,
        name,
      ]),
      [
        ["redis-data", "Bound", "fast"],
        ["logs", "missing", null],
      ],
    );
  });
});

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
  const second = { ...bound, metadata: { ...bound.metadata, name: "redis-data-2" } };

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

describe("podSummary", () => {
  const of = (pods?: V1Pod[]) => podSummary(facts([], pods).get("redis"));
  it("tells ready, running, waiting and missing apart", () => {
    assert.equal(of([ready]), "ready");
    assert.equal(of([{ status: { phase: "Running" } }]), "Running, not ready");
    assert.equal(of([{ status: { phase: "Pending" } }]), "Pending");
    assert.equal(of([]), "no pod");
    assert.equal(of(), "no workload");
  });
});

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
