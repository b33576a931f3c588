import { backendTypes } from "../../../backends/catalogue";
import assert from "node:assert/strict";
import { Storage } from "../../../components/storage";
import { settle } from "../../../plan/cluster";
import type { ClassFacts } from "../../../model/facts";
import { names, one, record } from "../../components/recorded";
import { classFacts } from "../../facts";
import { planOf } from "../../stack";

/** Settled with the class `standard` of the cluster, beside a class of ours that is the default where it isn't. */
function settled(existing: string, standard: Partial<ClassFacts>) {
  const ours = /default: true/.test(existing) ? "" : ", ours: { type: local-path, path: /opt/volumes, default: true }";
  const { plan, faults } = planOf(`config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends:
    { there: { type: existing, class: standard, accessModes: [ReadWriteOnce]${existing} }${ours} }
  cluster-storage:services: {}`);
  assert.deepEqual(faults, []);
  return settle(plan, { classes: [classFacts("standard", standard)], claims: [] });
}

describe("an existing class", () => {
  const used = (existing: string, allowsExpansion: boolean) =>
    settled(existing, { allowsExpansion }).plan.backends[0]!.uses[0]!.capabilities;

  it("grows where the cluster's class says so, and promises nothing else by itself", () => {
    assert.deepEqual(used("", true), { expand: true, snapshot: false, enforcesSize: false, followsNode: false });
    assert.deepEqual(used("", false), { expand: false, snapshot: false, enforcesSize: false, followsNode: false });
  });

  it("can what the config says, which knows better", () => {
    assert.deepEqual(used(", expand: false, snapshot: true, enforcesSize: true, followsNode: true", true), {
      expand: false,
      snapshot: true,
      enforcesSize: true,
      followsNode: true,
    });
  });

  /** What the config says, the class's flag, what is wrong, and whose flags are changed to what. */
  const cases: [string, boolean, string[], { on: string[]; off: string[] }][] = [
    [", default: true", true, [], { on: [], off: [] }],
    ["", false, [], { on: [], off: [] }],
    [
      "",
      true,
      [
        'is false, but class "standard" is the cluster\'s default and is left as it is; set default: true, or ' +
          "change the class's flag with defaultFlag: patch",
      ],
      { on: [], off: [] },
    ],
    [
      ", default: true",
      false,
      [
        'is true, but class "standard" is not the cluster\'s default and is left as it is; set default: false, or ' +
          "change the class's flag with defaultFlag: patch",
      ],
      { on: [], off: [] },
    ],
    [", defaultFlag: patch", true, [], { on: [], off: ["standard"] }],
    [", defaultFlag: patch", false, [], { on: [], off: [] }],
    [", defaultFlag: patch, default: true", false, [], { on: ["standard"], off: [] }],
    // Held on, because without the patch the flag would go back to its former owner.
    [", defaultFlag: patch, default: true", true, [], { on: ["standard"], off: [] }],
  ];
  for (const [existing, isDefault, wrong, { on, off }] of cases) {
    it(`{${existing || " "}} where the class ${isDefault ? "is" : "isn't"} the default`, () => {
      const { plan, faults } = settled(existing, { isDefault });
      assert.deepEqual(
        faults.map(({ message }) => message),
        wrong,
      );
      if (wrong.length === 0) assert.deepEqual({ on: plan.switchOn, off: plan.switchOff }, { on, off });
    });
  }

  it("keeps its flag where the stack has no class to take it over", () => {
    const { plan } = planOf(`config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends: { pod: { type: ephemeral, allowDataLoss: a test } }
  cluster-storage:services: {}`);
    assert.deepEqual(
      settle(plan, { classes: [classFacts("standard", { isDefault: true })], claims: [] }).plan.switchOff,
      [],
    );
  });

  it("goes on being held down by the stack that did so", () => {
    assert.deepEqual(
      settled(", defaultFlag: patch", { isDefault: false, switchedOffBy: "cluster-storage/test" }).plan.switchOff,
      ["standard"],
    );
  });

  it("is made the default by a patch of its flag and nothing else", async () => {
    const { plan } = settled(", defaultFlag: patch, default: true", { isDefault: false });
    const all = await record((opts) => void new Storage("storage", { ...plan, types: backendTypes }, opts));
    assert.deepEqual(names(all, "StorageClass"), []);
    assert.deepEqual(one(all, "StorageClassPatch", "standard-default").inputs.metadata, {
      name: "standard",
      annotations: { "storageclass.kubernetes.io/is-default-class": "true", "pulumi.com/patchForce": "true" },
    });
  });
});
