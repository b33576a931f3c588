import assert from "node:assert/strict";
import { ESLint } from "eslint";

/** File, what it imports, and whether the linter lets it. */
const cases: [string, string, boolean][] = [
  ["index.ts", "./plan/stack", true],
  ["index.ts", "./cluster/paths", false],
  ["index.ts", "./ops/errors", false],
  ["config/read.ts", "@pulumi/pulumi", true],
  ["config/read.ts", "@pulumi/kubernetes/core/v1", false],
  ["config/read.ts", "../components/Storage", false],
  ["services/redis.ts", "../plan/types", true],
  ["services/redis.ts", "@pulumi/pulumi", false],
  ["backends/local-path.ts", "../plan/types", true],
  ["backends/local-path.ts", "../services/redis", false],
  ["plan/stack.ts", "./types", true],
  ["plan/stack.ts", "../backends/types", true],
  ["plan/stack.ts", "@pulumi/pulumi", false],
  ["plan/stack.ts", "../components/Storage", false],
  ["components/Storage.ts", "../plan/types", true],
  ["components/Storage.ts", "@pulumi/pulumi", true],
  ["components/Storage.ts", "../config/read", false],
  ["components/Storage.ts", "../services/catalogue", false],
  ["cluster/tools/go.ts", "../../ops/errors", true],
  ["cluster/tools/go.ts", "../../ops/main", false],
  ["cluster/tools/go.ts", "../../plan/types", false],
  ["cluster/instance/components.ts", "./components", true],
  ["policy/index.ts", "../plan/types", false],
  ["ops/status.ts", "../plan/types", true],
  ["ops/status.ts", "../tests/run", false],
];

describe("import rules", function () {
  this.timeout(20_000);
  // Types are not needed for these rules, and the files of this table need not exist.
  const untyped = { languageOptions: { parserOptions: { projectService: false } } };
  const eslint = new ESLint({
    overrideConfig: [untyped],
    ruleFilter: ({ ruleId }) => ruleId === "no-restricted-imports",
  });

  for (const [file, imported, allowed] of cases) {
    it(`${file} ${allowed ? "may" : "must not"} import ${imported}`, async () => {
      const [result] = await eslint.lintText(`import ${JSON.stringify(imported)};\n`, { filePath: file });
      const rules = result!.messages.map(({ ruleId }) => ruleId);
      assert.deepEqual(rules, allowed ? [] : ["no-restricted-imports"]);
    });
  }
});
