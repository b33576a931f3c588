import assert from "node:assert/strict";
import { ratesOf, withDowntime } from "../../../ops/impact/downtime";
import { notesOf } from "../../../ops/impact/words";
import { claimStep, impactOfSteps, jobStep } from "./recorded";
import { ends } from "./moved";

describe("how long a move takes the service down", () => {
  const moved = (bytes: number, seconds: number) => ({
    annotations: { "cluster-storage/moved": JSON.stringify({ bytes, seconds }) },
  });
  it("goes by the slowest of earlier moves", () => {
    const rates = ratesOf([moved(2 ** 30, 10), moved(2 ** 30, 32), moved(0, 1), { annotations: {} }]);
    assert.deepEqual(rates, [2 ** 30 / 10, 2 ** 25]);
    const [volume] = withDowntime(
      impactOfSteps(claimStep("create", undefined, { name: "redis-data-2" }), jobStep(ends)),
      rates,
    ).volumes;
    assert.equal(
      notesOf(volume!),
      "from redis-data, at most 1Gi; down at most 42 s, at the 32.0 MiB/s of this cluster's slowest move so far",
    );
  });
  it("is told beside the nodes that it is between, for programs too", () => {
    const move = { ...ends, target: { ...ends.target, node: "b" }, across: { secret: "redis-move", key: "key" } };
    const [volume] = impactOfSteps(claimStep("create", undefined, { name: "redis-data-2" }), jobStep(move)).volumes;
    assert.deepEqual(volume?.move, { from: "redis-data", across: { to: "b" }, atMost: "1Gi" });
  });
  it("may be longer between two nodes, which earlier moves say nothing of", () => {
    const move = { ...ends, target: { ...ends.target, node: "b" }, across: { secret: "redis-move", key: "key" } };
    const [volume] = withDowntime(
      impactOfSteps(claimStep("create", undefined, { name: "redis-data-2" }), jobStep(move)),
      [2 ** 25],
    ).volumes;
    assert.equal(
      notesOf(volume!),
      "from redis-data, over the network to node b, at most 1Gi; down at most 42 s, at the 32.0 MiB/s of this " +
        "cluster's slowest move so far, and longer where the network between the nodes is slower",
    );
  });
  it("passes over what somebody else wrote on a claim", () => {
    const bearing = (text: string) => ({ annotations: { "cluster-storage/moved": text } });
    assert.deepEqual(ratesOf([bearing("yes"), bearing("null"), bearing("{}"), moved(2 ** 30, 32)]), [2 ** 25]);
  });
  it("is not guessed where there was none", () => {
    const impact = impactOfSteps(claimStep("create", undefined, { name: "redis-data-2" }), jobStep(ends));
    assert.deepEqual(withDowntime(impact, []), impact);
  });
});
