import assert from "node:assert/strict";
import type { V1Pod } from "@kubernetes/client-node";
import { podSummary, statusRows } from "../../../ops/status/rows";
import { redis, bound, ready, facts } from "./redis";

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
    const [row] = statusRows({ redis }, facts([{ ...bound, phase: "Pending", capacity: undefined }], []));
    assert.equal(row?.size, "2Gi");
    assert.equal(row.phase, "Pending");
  });

  it("shows a claim that is being deleted as such", () => {
    const [row] = statusRows({ redis }, facts([{ ...bound, deleting: true }], []));
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
