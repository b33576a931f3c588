import assert from "node:assert/strict";
import { withCluster } from "../../../ops/impact/in-cluster";
import { impactText } from "../../../ops/impact/print";
import type { ClaimFacts } from "../../../model/facts";
import { claimFacts } from "../../facts";
import { claimStep, impactOfSteps } from "./recorded";

const there = (more: Partial<ClaimFacts> = {}) =>
  claimFacts({ namespace: "cache", name: "redis-data", volume: "pvc-1", ...more });

/** The report's first line and its volumes, for a cluster that has these claims. */
const said = (claims: ClaimFacts[], steps = [claimStep("same", {}, {})]) => {
  const { result, ...impact } = withCluster(impactOfSteps(...steps), claims);
  const [head, , , ...lines] = impactText({ result, ...impact }).split("\n");
  return [result, head, lines[0]];
};

describe("what impact says of a claim that the state has", () => {
  it("is kept where the cluster has it", () =>
    assert.deepEqual(said([there()]).slice(0, 2), ["safe", 'stack "rec": no data is lost or left unprotected']));

  const cases: [what: string, claims: ClaimFacts[], fate: string, note: string][] = [
    ["isn't there", [], "missing", "the cluster has no such claim, and the change doesn't make it; npm run status"],
    [
      "is being deleted",
      [there({ deleting: true })],
      "deleting",
      "somebody deleted it: it goes with its pod; npm run adopt keeps it",
    ],
    ["has lost its volume", [there({ phase: "Lost" })], "lost", "its volume pvc-1 is gone; npm run status"],
  ];
  for (const [what, claims, fate, note] of cases)
    it(`is at risk where it ${what}`, () => {
      const [result, head, line = ""] = said(claims);
      assert.deepEqual([result, head], ["at-risk", `stack "rec": DATA AT RISK: cache/redis-data ${fate}`]);
      assert.ok(line.startsWith(`cache/redis-data  ! ${fate}`) && line.endsWith(note), line);
    });

  it("is not looked for where the change makes it", () =>
    assert.equal(said([], [claimStep("create", undefined, {})])[0], "safe"));
});
