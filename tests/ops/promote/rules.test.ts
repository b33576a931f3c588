import assert from "node:assert/strict";
import { join } from "node:path";
import { compareConfigs } from "../../../ops/promote/compare";
import { parseRules, readRules, reasonFor } from "../../../ops/promote/rules";

describe("promotion.yaml", () => {
  it("covers what a path names, and what is below", () => {
    const reason = (path: string) =>
      reasonFor(
        path.split("."),
        parseRules('intent: [{ paths: [cluster, "services.*.size", "backends.**.path"], reason: why }]'),
      );
    for (const path of ["cluster", "cluster.context", "services.redis.size", "backends.a.path", "backends.a.b.path"])
      assert.equal(reason(path), "why", path);
    for (const path of [
      "clusters",
      "services.redis",
      "services.taskflow.logs.size",
      "services.redis.image",
      "backends.a",
    ])
      assert.equal(reason(path), undefined, path);
  });
  it("may leave the cluster out, which is no other stack's all the same", () => {
    const found = compareConfigs(
      { cluster: { context: "dev" } },
      { cluster: { context: "prod" } },
      { rules: [], to: "prod", moveBack: false },
    );
    assert.deepEqual(
      found.map(({ kind, path, reason }) => [kind, path.join("."), reason]),
      [["intent", "cluster", "each stack is on a cluster of its own"]],
    );
  });
  it("has to be there", async () => {
    await assert.rejects(readRules(join(__dirname, "nowhere")), {
      name: "UserError",
      message:
        "there is no promotion.yaml in this checkout, which lists what may differ on purpose " +
        "(docs/promotion.md); nothing was changed",
    });
  });
  it("is refused where it says something else", () => {
    assert.throws(() => parseRules("intent: [{ paths: [a] }]"), {
      name: "UserError",
      message: /^promotion\.yaml: intent\.0\.reason: .*; under intent, list the paths that may differ and the reason$/,
    });
    assert.throws(() => parseRules("drift: []"), { name: "UserError", message: /^promotion\.yaml: / });
  });
});
