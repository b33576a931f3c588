import { unguarded } from "../unguarded";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { EnforcementLevel } from "@pulumi/policy";
import { backendTypes } from "../../backends/catalogue";
import { settle } from "../../plan/cluster";
import { createServices } from "../../components/services";
import { Storage } from "../../components/storage";
import type { ClassFacts } from "../../model/facts";
import { installers } from "../../policy/installers";
import { rules } from "../../policy/rules";
import { podSecurity } from "../../policy/rules/pod-security";
import { record } from "../components/recorded";
import { classFacts } from "../facts";
import { committedStacks, planOf, root } from "../stack";
import { judge, type Judged } from "./judge";

/** Everything that a committed stack registers, as the pack is given it. */
async function resourcesOf(stack: string, yaml: string, classes: ClassFacts[] = []): Promise<Judged[]> {
  const { plan, faults } = planOf(yaml, stack);
  assert.deepEqual(faults, []);
  const settled = settle(plan, { classes, claims: [] }).plan;
  const all = await record((opts) =>
    createServices(
      { ...settled, storage: new Storage("storage", { ...settled, types: backendTypes }, opts), ...unguarded },
      opts,
    ),
  );
  const parentOf = new Map(all.map(({ type, name, parent }) => [`${type} ${name}`, parent]));
  const parentsOf = (parent: string | undefined): string[] =>
    parent === undefined ? [] : [...parentsOf(parentOf.get(parent)), parent.split(" ")[0]!];
  return all.map(({ type, name, inputs, opts, parent }) => ({
    type,
    name,
    props: inputs,
    opts: { protect: opts.protect },
    parents: parentsOf(parent),
  }));
}

describe("committed stacks", () => {
  const on = rules.filter(({ enforcementLevel }) => (enforcementLevel as EnforcementLevel) !== "disabled");

  for (const [stack, yaml] of committedStacks()) {
    it(`${stack} passes every policy that is on`, async () => {
      const resources = await resourcesOf(stack, yaml);
      assert(resources.filter(({ type }) => type.endsWith(":PersistentVolumeClaim")).length >= 10);
      for (const rule of on) assert.deepEqual(await judge(rule, resources, { stack }), [], rule.name);
    });
  }

  const installing = new Set<string>();
  for (const type of backendTypes.keys()) {
    it(`the example of ${type} passes them too`, async () => {
      const yaml = readFileSync(join(root, "examples", type, `Pulumi.${type}.yaml`), "utf8");
      const resources = await resourcesOf(type, yaml, [classFacts("standard", { isDefault: true })]);
      for (const rule of on) assert.deepEqual(await judge(rule, resources, { stack: type }), [], rule.name);
      for (const { parents = [] } of resources) for (const parent of parents) installing.add(parent);
    });
  }

  it("make every component that may do more, and would not pass without that", async () => {
    assert.deepEqual(
      installers.filter((type) => !installing.has(type)),
      [],
    );
    const resources = await resourcesOf("prod", committedStacks().get("prod")!);
    assert.deepEqual(await judge(podSecurity, resources, { stack: "prod", settings: { components: [] } }), [
      "Namespace local-path-storage has pod-security.kubernetes.io/enforce privileged; allowed is restricted or " +
        "baseline",
    ]);
  });

  it("would not pass without protection", async () => {
    const yaml = committedStacks().get("prod")!;
    const open = yaml.replace(
      "  cluster-storage:services:\n",
      "  cluster-storage:protect: false\n  cluster-storage:services:\n",
    );
    const resources = await resourcesOf("prod", open);
    const found = await Promise.all(
      on.map(async (rule) => [rule.name, (await judge(rule, resources, { stack: "prod" })).length] as const),
    );
    const namespaces = resources.filter(
      ({ type, name }) =>
        type.endsWith(":Namespace") && name !== "local-path-storage" && type.startsWith("kubernetes:"),
    ).length;
    const claims = resources.filter(({ type }) => type.endsWith(":PersistentVolumeClaim")).length;
    assert.deepEqual(
      found.filter(([, count]) => count > 0),
      [
        ["protected-claim", claims],
        ["protected-namespace", namespaces],
      ],
    );
  });
});
