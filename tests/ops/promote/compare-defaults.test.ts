import assert from "node:assert/strict";
import { carry, configOf } from "../../../ops/promote/carry";
import { compareConfigs } from "../../../ops/promote/compare";
import { parseRules } from "../../../ops/promote/rules";

describe("what a promotion carries over of the defaults", () => {
  const own = parseRules('intent: [{ paths: ["services.*.resources"], reason: machines }]');
  const stack = (defaults: string) =>
    `config:\n  cluster-storage:cluster: { context: here }\n${defaults && `  cluster-storage:defaults: ${defaults}\n`}`;
  const of = (yaml: string) => configOf(yaml, "cluster-storage");
  const cases: [what: string, from: string, to: string, told: string[], after: string][] = [
    [
      "each key, and not what the stack decides",
      "{ env: { A: new, B: x }, resources: { limits: { cpu: 1 } }, egress: [] }",
      "{ env: { A: old, C: x }, resources: { limits: { cpu: 4 } } }",
      ["carried env.A", "carried env.B", "carried env.C", "intent resources: machines", "carried egress"],
      "{ env: { A: new, B: x }, resources: { limits: { cpu: 4 } }, egress: [] }",
    ],
    [
      "all but what the stack decides, where it has none",
      "{ env: { A: x }, resources: { limits: { cpu: 1 } } }",
      "",
      ["carried ", "intent resources: machines"],
      "{ env: { A: x } }",
    ],
    [
      "nothing where all of it is what the stack decides",
      "{ resources: { limits: { cpu: 1 } } }",
      "",
      ["intent resources: machines"],
      "",
    ],
    [
      "that they are gone, but not what the stack decides",
      "",
      "{ env: { A: x }, resources: { limits: { cpu: 4 } } }",
      ["carried env", "intent resources: machines"],
      "{ resources: { limits: { cpu: 4 } } }",
    ],
    ["that they are gone", "", "{ env: { A: x } }", ["carried "], ""],
    [
      "no secret",
      "{ env: { A: { secure: v1:a }, B: x } }",
      "{ env: { A: { secure: v1:b } } }",
      ["intent env.A: each stack has its own secret here", "carried env.B"],
      "{ env: { A: { secure: v1:b }, B: x } }",
    ],
  ];
  for (const [what, from, to, told, after] of cases)
    it(what, () => {
      const found = compareConfigs(of(stack(from)), of(stack(to)), { rules: own, to: "prod", moveBack: false });
      assert.deepEqual(
        found.map(({ kind, path, reason }) => `${kind} ${path.slice(1).join(".")}${reason ? `: ${reason}` : ""}`),
        told,
      );
      assert.deepEqual(of(carry(stack(to), "cluster-storage", found)), of(stack(after)));
    });

  it("says which secret of theirs the target needs", () => {
    const [left] = compareConfigs(of(stack("{ env: { A: { secure: v1:a } } }")), of(stack("")), {
      rules: own,
      to: "prod",
      moveBack: false,
    });
    assert.deepEqual(
      [left?.kind, left?.reason],
      [
        "left",
        "a secret is encrypted for one stack; give prod its own: pulumi config set --secret --path " +
          "'cluster-storage:defaults.env.A' -s prod",
      ],
    );
  });
});
