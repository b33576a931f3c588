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
  it("says of the defaults what it says of every service, and nothing of what it says of one", () => {
    const found = (path: string) =>
      reasonFor(
        path.split("."),
        parseRules('intent: [{ paths: ["services.*.resources", "services.n8n.env", defaults.egress], reason: why }]'),
      );
    for (const path of ["defaults.resources", "defaults.resources.limits.cpu", "defaults.egress"])
      assert.equal(found(path), "why", path);
    for (const path of ["defaults", "defaults.env", "defaults.podLabels"]) assert.equal(found(path), undefined, path);
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
  it("of this project leaves to each cluster what its nodes, registries and network are", async () => {
    const rules = await readRules();
    const reason = (path: string) => reasonFor(path.split("."), rules);
    for (const path of ["defaults.nodeSelector.pool", "services.redis.tolerations", "backends.local-path.tolerations"])
      assert.ok(reason(path) !== undefined, path);
    assert.equal(reason("defaults.affinity"), "each cluster has nodes and priorities of its own");
    assert.equal(reason("services.redis.priorityClassName"), "each cluster has nodes and priorities of its own");
    for (const path of ["registry", "charts.mirror", "defaults.imagePullSecrets", "services.n8n.imagePullSecrets"])
      assert.equal(reason(path), "each cluster gets images and charts from where it can", path);
    assert.equal(reason("defaults.resources.limits"), "as large as the stack's data and its machines");
    assert.equal(
      reason("services.postgres.service.type"),
      "how it is reached from outside depends on the network around the cluster",
    );
    for (const path of ["defaults.env", "services.redis.podLabels", "services.n8n.egress", "services.redis.args"])
      assert.equal(reason(path), undefined, path);
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
