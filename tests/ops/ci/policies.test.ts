import assert from "node:assert/strict";
import { readViolations } from "../../../ops/ci/policies";
import { levelsOf, policySettings } from "../../../ops/ci/policy-levels";
import { rules } from "../../../policy/rules";
import { UserError } from "../../../model/user-error";

describe("policies in a preview's output", () => {
  it("are read with their level, resource and message", () => {
    const printed = `      kubernetes:core/v1:Namespace: (same) 🔓
    cluster-storage@v0.1.0 [advisory]  backup-stated  (kubernetes:core/v1:PersistentVolumeClaim: redis-data)A \
claim names its backup (or none).
PersistentVolumeClaim local-ai-system/redis-data says nothing of a backup
    ~ kubernetes:core/v1:PersistentVolumeClaim: (update)
    cluster-storage@v0.1.0 [mandatory]  protected-namespace  (kubernetes:core/v1:Namespace: taskflow)A \
namespace that holds data is protected.
Namespace taskflow holds claims and is not protected
error: preview failed`;
    assert.deepEqual(readViolations(printed), [
      {
        level: "advisory",
        policy: "backup-stated",
        resource: "PersistentVolumeClaim redis-data",
        message: "PersistentVolumeClaim local-ai-system/redis-data says nothing of a backup",
      },
      {
        level: "mandatory",
        policy: "protected-namespace",
        resource: "Namespace taskflow",
        message: "Namespace taskflow holds claims and is not protected",
      },
    ]);
  });
});

describe("a stack's levels", () => {
  const settingsOf = (policy: string) =>
    policySettings(`config:\n  shop:policy: ${policy}\n`, "Pulumi.dev.yaml", "shop");

  it("are what its file says, as Pulumi's policy config file has it", () => {
    const settings = {
      "protected-claim": "advisory",
      "reclaim-policy": { enforcementLevel: "mandatory", others: ["Delete"] },
    };
    assert.deepEqual(settingsOf(JSON.stringify(settings)), settings);
    assert.deepEqual(policySettings("config: {}\n", "Pulumi.dev.yaml", "shop"), {});
    assert.deepEqual(policySettings("", "Pulumi.dev.yaml", "shop"), {});
  });

  it("are under the project's own name, as every key of its config", () =>
    assert.deepEqual(policySettings("config: { other:policy: { all: disabled } }", "Pulumi.dev.yaml", "shop"), {}));

  it("leave what isn't mandatory, by name", () => {
    const backup = { name: "backup-stated", level: "disabled" };
    assert.deepEqual(levelsOf({}), { optional: [backup], changed: [] });
    assert.deepEqual(levelsOf({ probes: "advisory", "reclaim-policy": { others: ["Delete"] } }).optional, [
      { name: "probes", level: "advisory" },
      backup,
    ]);
    assert.deepEqual(
      levelsOf({ all: "disabled", probes: { enforcementLevel: "mandatory" } }).optional,
      rules.filter(({ name }) => name !== "probes").map(({ name }) => ({ name, level: "disabled" })),
    );
  });

  it("say what a pull request changes of them, and go by what they were", () => {
    const used = { probes: "advisory", "reclaim-policy": { others: ["Retain"] } } as const;
    const own = { all: "disabled", "reclaim-policy": { others: ["Delete"] } } as const;
    assert.deepEqual(levelsOf(used, own), {
      optional: [
        { name: "probes", level: "advisory" },
        { name: "backup-stated", level: "disabled" },
      ],
      changed: ["all", "reclaim-policy", "probes"],
    });
  });

  it("are refused of a policy that there isn't", () => {
    assert.throws(
      () => settingsOf("{ all: advisory, probe: disabled }"),
      new UserError(
        'Pulumi.dev.yaml: shop:policy.probe: there is no policy "probe" (did you mean "probes"?) ' +
          "(docs/policies.md); nothing was previewed",
      ),
    );
  });

  it("are refused in another form", () => {
    const why =
      "is neither advisory, mandatory or disabled, nor the settings of a policy (docs/policies.md); " +
      "nothing was previewed";
    assert.throws(() => settingsOf("{ probes: of }"), new UserError(`Pulumi.dev.yaml: shop:policy.probes ${why}`));
    assert.throws(() => settingsOf("[probes]"), new UserError(`Pulumi.dev.yaml: shop:policy ${why}`));
    assert.throws(
      () => settingsOf("{ probes: { enforcementLevel: loud } }"),
      new UserError(`Pulumi.dev.yaml: shop:policy.probes ${why}`),
    );
  });
});
