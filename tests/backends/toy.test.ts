import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findBackends } from "../../backends/catalogue";
import { Storage } from "../../components/storage";
import { parseConfig } from "../../config/parse";
import { known } from "../../known";
import { settle } from "../../plan/cluster";
import { planStack } from "../../plan/stack";
import { neededAccess } from "../../preflight/access";
import { checkIds } from "../../preflight/catalogue";
import { givenRights } from "../../preflight/grants";
import { runChecks } from "../../preflight/run";
import { names, one, record } from "../components/recorded";
import { facts, node } from "../preflight/cluster";
import { root } from "../stack";

const folder = join(root, "tests", "fixtures", "backends");

/** A backend as somebody would add one: a folder, and not one line anywhere else. */
describe("a toy backend, which is one folder", () => {
  const types = findBackends(folder);
  const toys = { ...known, backends: types, checks: checkIds(types) };
  const planned = (colour: string, services: Record<string, object>, more: object = {}) => {
    const backends = { box: { type: "toy", colour, default: true } };
    const values = { cluster: { context: "c", identifier: "c" }, backends, services, ...more };
    const config = parseConfig({ owner: { project: "cluster-storage", stack: "test" }, values }, toys);
    return { config, ...planStack(config, toys) };
  };
  const redis = { redis: { size: "1Gi" } };

  it("is found by its file, and a folder without one is no backend", () =>
    assert.deepEqual([...types.keys()], ["toy"]));

  it("has its settings checked by its own rules", () => {
    assert.deepEqual(planned("grey", {}).faults, [
      { path: "backends.box.colour", message: "grey boxes are not made; use red, green or blue" },
    ]);
    assert.deepEqual(
      planned("red", { redis: { size: "1Gi", namespace: "box-storage" } }).faults.map(({ path }) => path),
      ["services.redis.namespace"],
    );
  });

  it("refuses access modes that it can't do, and has its say on claims", () => {
    assert.deepEqual(planned("red", { redis: { size: "1Gi", accessMode: "ReadWriteMany" } }).faults, [
      {
        path: "services.redis.accessMode",
        message:
          'ReadWriteMany is not possible on backend "box", because a box is opened by one node at a time; it can do ' +
          "ReadWriteOnce",
      },
    ]);
    const { faults, warnings } = planned("red", { postgres: { size: "1Gi" }, ...redis });
    assert.deepEqual([faults, warnings], [[], ["services.postgres: is a database in a toy box; keep a backup of it"]]);
  });

  it("is planned with its class, its namespace and the volumes that go to it", () => {
    const { classes, uses, install } = planned("red", redis).plan.backends[0]!;
    assert.deepEqual(
      [classes.map(({ name, provisioner, parameters }) => ({ name, provisioner, parameters })), uses],
      [[{ name: "box", provisioner: "toy.example/box", parameters: { colour: "red" } }], []],
    );
    assert.deepEqual([install?.namespace, install?.shown], ["box-storage", { colour: "red" }]);
  });

  it("has the rights checked that its installation needs and gives", () => {
    const { plan } = planned("red", redis);
    const inBox = neededAccess(plan).filter(({ namespace, verb }) => namespace === "box-storage" && verb === "create");
    assert.deepEqual(inBox, [{ verb: "create", group: "", resource: "configmaps", namespace: "box-storage" }]);
    assert.deepEqual(givenRights(plan), [{ to: "backend box", verb: "get", group: "", resource: "nodes" }]);
  });

  it("is checked by preflight, and its check can be skipped by name", () => {
    const checked = (labels: Record<string, string>, preflight: object = {}) => {
      const { config, plan, faults } = planned("red", redis, { preflight });
      assert.deepEqual(faults, []);
      const { skip } = config.preflight;
      return runChecks({
        plan,
        facts: facts({ nodes: [node("a", { labels })] }),
        pods: [],
        backends: config.backends,
        types,
        skip,
      })
        .filter(({ id }) => id === "toy-paint")
        .map(({ group, level, title, wayOut }) => [group, level, title, wayOut]);
    };
    const none = "no node can make red boxes, so every claim of this backend would wait";
    assert.deepEqual(checked({ "toy.example/colour": "red" }), [
      ["box (toy)", "ok", "a can make red boxes", undefined],
    ]);
    assert.deepEqual(checked({}), [["box (toy)", "error", none, "kubectl label node NODE toy.example/colour=red"]]);
    assert.deepEqual(checked({}, { skip: [{ check: "toy-paint", reason: "a test" }] }), [
      ["box (toy)", "skipped", `${none} (skipped: a test)`, undefined],
    ]);
  });

  it("is installed by its own component, and has its class", async () => {
    const settled = settle(planned("red", redis).plan, { classes: [], claims: [] }).plan;
    const all = await record((opts) => void new Storage("storage", { ...settled, types }, opts));
    assert.deepEqual(names(all, "ToyBoxes"), ["box"]);
    assert.deepEqual(one(all, "ConfigMap", "box-boxes").inputs.data, { "local-ai-system.redis-data": "1Gi" });
    assert.deepEqual(one(all, "StorageClass", "box").inputs.parameters, { colour: "red" });
  });

  it("is shown whole in docs/adding-a-backend.md, as it would stand in backends/toy/", () => {
    const page = readFileSync(join(root, "docs", "adding-a-backend.md"), "utf8");
    for (const file of ["backend.ts", "component.ts", "checks.ts"]) {
      const text = readFileSync(join(folder, "toy", file), "utf8");
      const there = text.replaceAll("../../../../backends/", "../").replaceAll("../../../../", "../../");
      assert.ok(page.includes(`\`\`\`ts\n// backends/toy/${file}\n${there}\`\`\`\n`), file);
    }
  });
});
