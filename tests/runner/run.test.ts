import assert from "node:assert/strict";
import { execa } from "execa";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { Suite } from "../suites";
import { root } from "./suite";

describe("a run of suites", function () {
  this.timeout(60_000);
  let scratch: string;
  before(async () => (scratch = await mkdtemp(join(tmpdir(), "runner-"))));
  after(() => rm(scratch, { recursive: true }));

  /** A suite of one file of tests. */
  async function suite(name: string, lane: 1 | 2, tests: string, more: Partial<Suite> = {}): Promise<Suite> {
    const file = join(scratch, `${name}.test.cjs`);
    await writeFile(file, `describe("${name}", () => {\n${tests}\n});\n`);
    return { name, about: `what ${name} is about`, stage: 2, lane, mocha: [file], timeout: 20_000, ...more };
  }
  const start = (suites: Suite[], ...args: string[]) =>
    execa(
      process.execPath,
      ["--require", "./transpile.cjs", "tests/fixtures/runs/main.ts", JSON.stringify(suites), ...args],
      {
        cwd: root,
        reject: false,
        env: { TEST_LANES: "2", TEST_INSTANCE: "runner", CLUSTER_STORAGE_STATE: join(scratch, "state") },
      },
    );
  const lastLine = (printed: string) => printed.trimEnd().split("\n").at(-1);
  const said = (name: string) => `require("node:fs").writeFileSync(${JSON.stringify(join(scratch, name))}, "");`;
  const wait = (name: string) =>
    `while (!require("node:fs").existsSync(${JSON.stringify(join(scratch, name))})) ` +
    "await new Promise((after) => setTimeout(after, 20));";

  it("adds up what both lanes counted, and names what failed in either before its last line", async () => {
    const { stdout, exitCode } = await start([
      await suite("one", 1, 'it("goes", () => {}); it("breaks", () => { throw new Error("one broke"); });'),
      await suite(
        "two",
        2,
        'it("goes", () => {}); it.skip("rests", () => {}); it("breaks", () => { throw new Error("two broke"); });',
      ),
      await suite("three", 1, 'it("goes", () => {});'),
    ]);
    assert.equal(exitCode, 1);
    assert.equal(lastLine(stdout), "3 passed, 2 failed, 1 skipped");
    const end = stdout.slice(stdout.indexOf("\nWhat failed:\n"));
    const named = end.split("\n").slice(2, 4).sort();
    assert.deepEqual(named, ["one: one breaks: one broke", "two: two breaks: two broke"]);
    assert.match(stdout, /^\[one\] .*1 passing/m);
    assert.match(stdout, /^\[two\] .*1 pending/m);
  });

  it("runs the lanes of a stage side by side, with a local cluster of its own each, and stages in order", async () => {
    const { stdout, exitCode } = await start([
      await suite("a", 1, `it("a", async () => { ${said("a-here")} ${wait("b-here")} });`),
      await suite("b", 2, `it("b", async () => { ${said("b-here")} ${wait("a-here")} });`),
      await suite("later", 1, `it(process.env.TEST_INSTANCE, () => { ${said("later-here")} });`),
      await suite("other", 2, `it(process.env.TEST_INSTANCE, async () => { ${wait("later-here")} });`),
      await suite("early", 1, 'it("early", async () => { await new Promise((go) => setTimeout(go, 300)); });', {
        stage: 1,
      }),
    ]);
    assert.equal(exitCode, 0, stdout);
    assert.equal(lastLine(stdout), "5 passed, 0 failed");
    assert.match(stdout, /^\[later\] .*✔ runner(?!2)/m);
    assert.match(stdout, /^\[other\] .*✔ runner2\b/m);
    assert.ok(stdout.indexOf("1 passing") < stdout.indexOf("== a:"), "the second stage began before the first ended");
    assert.doesNotMatch(stdout, /^\[early\]/m, "a lane alone needs no names");
  });

  it("counts a runner that is killed as a failure, and the other lane goes on", async () => {
    const { stdout, exitCode } = await start([
      await suite("killed", 1, 'it("dies", () => process.kill(process.pid, "SIGKILL"));'),
      await suite("next", 1, 'it("goes", () => {});'),
      await suite("beside", 2, 'it("goes", () => {});'),
    ]);
    assert.equal(exitCode, 1);
    assert.match(stdout, /^What failed:\nkilled: the runner ended by SIGKILL, without counts$/m);
    assert.equal(lastLine(stdout), "2 passed, 1 failed");
  });

  it("counts a runner that falls over after its last test as a failure", async () => {
    const { stdout } = await start([
      await suite("falls", 1, 'it("goes", () => {}); process.on("exit", () => process.kill(process.pid, "SIGKILL"));'),
    ]);
    assert.match(stdout, /^falls: the runner ended by SIGKILL after its last test$/m);
    assert.equal(lastLine(stdout), "1 passed, 1 failed");
  });

  it("counts a check by its exit code, and gives Mocha the options that stand behind the names", async () => {
    const suites = [
      {
        name: "checks",
        about: "",
        stage: 1,
        lane: 1,
        checks: [
          ["prettier", "--version"],
          ["knip", "--nonsense"],
        ],
      } as Suite,
      await suite("unit", 2, 'it("one", () => {}); it("two", () => {});', { stage: 1 }),
      await suite("left", 2, 'it("goes", () => {});'),
    ];
    const { stdout } = await start(suites, "checks,unit", "--grep", "two");
    assert.match(stdout, /^What failed:\nchecks: knip --nonsense$/m);
    assert.equal(lastLine(stdout), "2 passed, 1 failed");
  });

  for (const signal of ["SIGINT", "SIGTERM"] as const)
    it(`ends both lanes at ${signal}, starts nothing more, and says so`, async () => {
      const names = [`${signal}-1`, `${signal}-2`];
      const hangs = (name: string) => `it("hangs", async () => { ${said(name)} ${wait("never")} });`;
      const ran = start([
        await suite(names[0]!, 1, hangs(names[0]!)),
        await suite(names[1]!, 2, hangs(names[1]!)),
        await suite("after", 1, said("after-here")),
      ]);
      while (!names.every((name) => existsSync(join(scratch, name)))) await delay(20);
      ran.kill(signal);
      const { stdout, exitCode } = await ran;
      assert.equal(exitCode, signal === "SIGINT" ? 130 : 143);
      assert.match(stdout, new RegExp(`^${signal} ended the run; nothing more was started\\.$`, "m"));
      assert.equal(lastLine(stdout), "0 passed, 2 failed");
      assert.ok(!existsSync(join(scratch, "after-here")));
    });
});
