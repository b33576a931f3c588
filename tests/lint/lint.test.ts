import assert from "node:assert/strict";
import { cp, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { execa } from "execa";
import { root } from "../stack";

/** A file that is added to the checkout, and what the map of the folders says of its import; undefined: it may be. */
const imports: [file: string, imported: string, rule: string | undefined][] = [
  ["model/added.ts", "../plan/stack", "imports-of-model"],
  ["config/added.ts", "@pulumi/kubernetes/core/v1", "pulumi-resources"],
  ["config/added.ts", "../model/plan", undefined],
  ["config/added.ts", "../plan/stack", "imports-of-config"],
  ["config/added.ts", "../components/storage", "imports-of-config"],
  ["services/added.ts", "../model/plan", undefined],
  ["services/added.ts", "../backends/catalogue", "imports-of-services"],
  ["services/added.ts", "@pulumi/pulumi", "pulumi-resources"],
  ["backends/added.ts", "../config/fields", undefined],
  ["backends/added.ts", "../services/redis", "imports-of-backends"],
  ["backends/added.ts", "@pulumi/pulumi", "pulumi-resources"],
  ["plan/added.ts", "../model/known", undefined],
  ["plan/added.ts", "../config/parse", "imports-of-plan"],
  ["plan/added.ts", "@pulumi/pulumi", "pulumi-resources"],
  ["plan/added.ts", "../components/storage", "imports-of-plan"],
  ["kube/added.ts", "../plan/stack", "imports-of-kube"],
  ["components/added.ts", "@pulumi/pulumi", undefined],
  ["components/added.ts", "../config/read", "imports-of-components"],
  ["components/added.ts", "../services/catalogue", "imports-of-components"],
  ["preflight/added.ts", "../kube/api", undefined],
  ["preflight/added.ts", "../backends/catalogue", "imports-of-preflight"],
  ["mover/added.ts", "../model/mover", undefined],
  ["mover/added.ts", "../plan/stack", "imports-of-mover"],
  ["local-cluster/added.ts", "../model/user-error", undefined],
  ["local-cluster/added.ts", "../ops/terminal/main", "imports-of-local-cluster"],
  ["policy/added.ts", "../model/plan", "imports-of-policy"],
  ["ops/added.ts", "../model/plan", undefined],
  ["ops/added.ts", "../tests/suites", "imports-of-ops"],
];

describe("lint", function () {
  this.timeout(120_000);
  let checkout: string;

  before(async () => {
    checkout = await mkdtemp(join(tmpdir(), "lint-"));
    const left = /^(node_modules|\.git|\.node_modules-.*)$/;
    await cp(root, checkout, { recursive: true, filter: (source) => !left.test(relative(root, source)) });
    await symlink(join(root, "node_modules"), join(checkout, "node_modules"));
  });
  after(() => rm(checkout, { recursive: true }));

  async function lint(files: Record<string, string>, program: string, ...args: string[]) {
    for (const [file, text] of Object.entries(files)) await writeFile(join(checkout, file), text);
    try {
      return await execa(join(root, "node_modules/.bin", program), args, { cwd: checkout, reject: false, all: true });
    } finally {
      for (const file of Object.keys(files)) await rm(join(checkout, file));
    }
  }
  const cruise = (files: Record<string, string>) =>
    lint(files, "depcruise", "--config", ".dependency-cruiser.mjs", ...Object.keys(files));

  it("fails on an import against the map of the folders, and on no other", async () => {
    const files: Record<string, string> = {};
    const expected = imports.flatMap(([file, imported, rule], i) => {
      const name = file.replace("added", `added-${i}`);
      files[name] = `import * as imported from ${JSON.stringify(imported)};\nexport const used = imported;\n`;
      return rule === undefined ? [] : [`${rule}: ${name}`];
    });
    const { all } = await cruise(files);
    const found = [...all.matchAll(/error ([\w-]+): (\S*added-\d+\S*) →/g)].map(([, rule, file]) => `${rule}: ${file}`);
    assert.deepEqual(found.sort(), expected.sort());
  });

  it("fails on a circle, though it is one of types only", async () => {
    const { all, exitCode } = await cruise({
      "model/one.ts": 'import type { Two } from "./two";\nexport type One = Two | 1;\n',
      "model/two.ts": 'import type { One } from "./one";\nexport type Two = One[];\n',
    });
    assert.match(all, /error no-circle: model\/(one|two)\.ts/);
    assert.notEqual(exitCode, 0);
  });

  it("fails on a file that isn't formatted", async () => {
    const { all, exitCode } = await lint(
      { "model/crooked.ts": "export const a = {b:1}\n" },
      "prettier",
      "--check",
      ".",
    );
    assert.match(all, /model\/crooked\.ts/);
    assert.equal(exitCode, 1);
  });

  it("fails on an export that nobody uses", async () => {
    const { all, exitCode } = await lint({ "model/unused.ts": "export const nobodyUsesThis = 1;\n" }, "knip");
    assert.match(all, /model\/unused\.ts/);
    assert.equal(exitCode, 1);
  });

  it("fails on a line of more than 120 columns and on a file of more than 200 lines", async () => {
    const long = `/** ${"x".repeat(117)} */\n${"\n".repeat(200)}export {};\n`;
    const { all, exitCode } = await lint({ "model/long.ts": long }, "eslint", "model/long.ts");
    assert.match(all, /max-len/);
    assert.match(all, /max-lines/);
    assert.equal(exitCode, 1);
  });
});
