import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { consoleProgress } from "../../local-cluster/progress";
import { ensureTestTools } from "../../local-cluster/tools";
import { skip } from "../skip";
import { root } from "../stack";

interface Leak {
  RuleID: string;
  File: string;
  StartLine: number;
}

describe("the repository", function () {
  this.timeout(600_000);
  let gitleaks: string;
  let scratch: string;
  before(async () => {
    gitleaks = join((await ensureTestTools(consoleProgress())).bin, "gitleaks");
    scratch = await mkdtemp(join(tmpdir(), "secrets-"));
  });
  after(() => rm(scratch, { recursive: true }));

  /** What gitleaks finds. Never prints a secret: it says the rule and the place. */
  async function scan(what: "dir" | "git", directory: string): Promise<string[]> {
    const report = join(scratch, "report.json");
    const options = ["--config", join(root, ".gitleaks.toml"), "--report-format", "json", "--report-path", report];
    const { exitCode, stderr } = await execa(
      gitleaks,
      [what, ".", "--no-banner", "--redact", "--exit-code", "9", ...options],
      { cwd: directory, reject: false },
    );
    assert(exitCode === 0 || exitCode === 9, stderr);
    const leaks = JSON.parse((await execa("cat", [report])).stdout) as Leak[];
    assert.equal(exitCode, leaks.length > 0 ? 9 : 0);
    return leaks.map(({ RuleID: rule, File: file, StartLine: line }) => `${rule} in ${file}:${line}`);
  }

  const git = (...args: string[]) => execa("git", args, { cwd: scratch });
  /** A key as GitHub gives it, made up here. */
  const planted = () => `ghp_${randomBytes(18).toString("hex")}`;

  /** Skips where the files are no checkout that git may read, such as an unpacked archive or another user's. */
  async function needsGit(context: Mocha.Context): Promise<void> {
    const { failed, stderr } = await execa("git", ["log", "-1"], { cwd: root, reject: false });
    if (failed) skip(context, `git can't read this checkout: ${String(stderr).split("\n")[0]}`);
  }

  it("has no secret in a file that git knows", async function () {
    await needsGit(this);
    const copy = join(scratch, "files");
    await execa("git", ["checkout-index", "--all", `--prefix=${copy}/`], { cwd: root });
    assert.deepEqual(await scan("dir", copy), []);
  });

  it("has none in a commit before", async function () {
    await needsGit(this);
    assert.deepEqual(await scan("git", root), []);
  });

  it("would not pass with one, not even in a commit that a later one takes back", async () => {
    const found = ["github-pat in settings.ts:1"];
    await git("init", "--quiet");
    const commit = async (text: string) => {
      await writeFile(join(scratch, "settings.ts"), text);
      await git("add", "settings.ts");
      await git("-c", "user.name=t", "-c", "user.email=t@example.invalid", "commit", "--quiet", "--message", "x");
    };
    await commit(`export const token = "${planted()}";\n`);
    assert.deepEqual(await scan("git", scratch), found);
    await commit("export const token = process.env.TOKEN;\n");
    assert.deepEqual(await scan("git", scratch), found);
  });

  it("would not pass with one in the tests' own fixtures", async () => {
    const file = join(scratch, "fixture.test.ts");
    await writeFile(file, `const token = "${planted()}";\n`);
    const found = await scan("dir", scratch);
    await rm(file);
    assert(found.includes("github-pat in fixture.test.ts:1"), found.join("\n"));
  });
});
