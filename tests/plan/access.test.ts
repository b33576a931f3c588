import assert from "node:assert/strict";
import { accessRoles } from "../../model/access";
import { checkAccess, planAccess } from "../../plan/access";

const group = { kind: "Group", name: "storage" } as const;
const account = { kind: "ServiceAccount", name: "bot", namespace: "tools" } as const;
const config = { view: [group], operate: [], restore: [{ ...account, in: ["cache"] }] };

/** Every `verb group/resource` that a Role of the namespace gives. */
function given(namespace: string, role: string): string[] {
  const { rules } = planAccess(namespace, config).find((each) => each.role === role)!;
  return rules.flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((group) => resources.flatMap((resource) => verbs.map((verb) => `${verb} ${group}/${resource}`))),
  );
}

describe("the Roles for people", () => {
  it("are made only where the config has the section", () => {
    assert.deepEqual(planAccess("cache", undefined), []);
    assert.deepEqual(
      planAccess("cache", { view: [], operate: [], restore: [] }).map(({ name, subjects }) => [name, subjects]),
      [
        ["storage-view", []],
        ["storage-operate", []],
        ["storage-restore", []],
      ],
    );
  });

  it("are bound to whom the config names, there where it says", () => {
    const subjects = (namespace: string) => planAccess(namespace, config).map((role) => role.subjects);
    assert.deepEqual(subjects("cache"), [[group], [], [account]]);
    assert.deepEqual(subjects("other"), [[group], [], []]);
  });

  it("never read Secrets or ConfigMaps, and delete no claim, workload or namespace", () => {
    for (const role of accessRoles) {
      const rights = given("cache", role);
      assert.deepEqual(
        rights.filter((right) => /secrets|configmaps|\*/.test(right)),
        [],
        role,
      );
      const removed = rights.filter((right) => right.startsWith("delete"));
      const may = { view: [], operate: ["delete /pods"], restore: ["delete /pods", "delete batch/jobs"] };
      assert.deepEqual(removed, may[role], role);
    }
  });

  it("let nobody read data or change a workload below the last", () => {
    for (const role of ["view", "operate"])
      assert.deepEqual(
        given("cache", role).filter((right) => /^(create|update|patch)|exec|portforward|attach|scale/.test(right)),
        [],
        role,
      );
    assert.deepEqual(
      [given("cache", "view").includes("get /pods/log"), given("cache", "operate").includes("get /pods/log")],
      [false, true],
    );
  });

  it("each have all rights of the one before", () => {
    const [view, operate, restore] = accessRoles.map((role) => given("cache", role)) as [string[], string[], string[]];
    assert.deepEqual(
      view.filter((right) => !operate.includes(right)),
      [],
    );
    assert.deepEqual(
      operate.filter((right) => !restore.includes(right)),
      [],
    );
  });

  it("are refused in a namespace that has no service", () =>
    assert.deepEqual(checkAccess(config, ["cach"]), [
      {
        path: "access.restore[0].in[0]",
        message: 'no service of this stack is in the namespace "cache"; did you mean "cach"?',
      },
    ]));
});
