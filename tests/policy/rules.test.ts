import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { rules } from "../../policy/rules";
import { judge } from "./judge";
import { everything } from "./samples";

const folder = join(__dirname, "..", "..", "policy");

describe("policies", () => {
  it("are those of the folder, each named like its file", () => {
    assert.deepEqual(
      rules.map(({ name }) => name).sort(),
      readdirSync(join(folder, "rules"))
        .map((file) => basename(file, ".ts"))
        .sort(),
    );
  });

  for (const rule of rules) {
    it(`${rule.name}: has nothing against good objects, and nothing to say of others' resources`, async () => {
      assert.deepEqual(await judge(rule, everything()), []);
      assert.deepEqual(
        await judge(rule, [
          { type: "random:index/randomPassword:RandomPassword", name: "redis", props: { length: 32 }, opts: {} },
        ]),
        [],
      );
    });
  }

  it("are mandatory, but for the one that has nothing to name yet", () => {
    const others = rules
      .filter(({ enforcementLevel }) => enforcementLevel !== "mandatory")
      .map(({ name, enforcementLevel }) => `${name} ${enforcementLevel}`);
    assert.deepEqual(others, ["backup-stated disabled"]);
  });

  it("need no package that the pack doesn't name, in the versions that are tested here", () => {
    const read = (file: string) =>
      JSON.parse(readFileSync(file, "utf8")) as {
        dependencies: Record<string, string>;
        devDependencies: Record<string, string>;
      };
    const { dependencies, devDependencies } = read(join(folder, "..", "package.json"));
    const ours = { ...dependencies, ...devDependencies };
    const named = read(join(folder, "package.json")).dependencies;
    assert.deepEqual(named, Object.fromEntries(Object.keys(named).map((name) => [name, ours[name]])));
    const files = (readdirSync(folder, { recursive: true }) as string[]).filter((file) => file.endsWith(".ts"));
    const packages = files.flatMap((file) =>
      [...readFileSync(join(folder, file), "utf8").matchAll(/from "([^".][^"]*)"/g)].map(([, name]) => name!),
    );
    assert.deepEqual([...new Set(packages)], ["@pulumi/policy"]);
  });
});
