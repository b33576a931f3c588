import assert from "node:assert/strict";
import type { Bench } from "./command";
import { bot, type FakeGitHub } from "./fake-github";
import { describeDrill } from "../../../ops/ci/drill-text";
import { eachWithGitHub } from "./hooks";

const marker = "<!-- cluster-storage: drill -->";
const advice =
  "**A backup that can't be restored is none.** Find out today why it isn't proven; docs/backups.md has a section on " +
  "drills. This issue is updated by each drill, and closed when every backup is proven.";
const table = "SERVICE  POINT     AGE   RESULT  SECONDS  READ\nredis    01234567  5min  FAILED  12.3     nothing";
const unproven =
  "### prod: not every backup is proven\n\n<details><summary>What the drill said</summary>\n\n" +
  `\`\`\`text\n${table}\n\`\`\`\n\n</details>\n`;

describe("the issue on drills", function () {
  this.timeout(120_000);
  let bench: Bench;
  let github: FakeGitHub;
  eachWithGitHub((made) => ({ bench, github } = made));

  const post = (...args: string[]) => bench.run(["ci:issue", "--about", "drill", ...args], github.env);
  const report = (stack: string, outcome: "proven" | "unproven" | "none") =>
    bench.write(`${stack}.json`, { stack, outcome, markdown: describeDrill(stack, outcome, table) });

  it("has what the drills of stacks said whose backups are not proven, and no others", async () => {
    const { exitCode, stdout } = await post(
      await report("dev", "none"),
      await report("prod", "unproven"),
      await report("test", "proven"),
    );
    assert.deepEqual(
      [exitCode, stdout, github.issues.map(({ title, body }) => [title, body])],
      [
        0,
        `issue created ${github.issues[0]!.html_url}`,
        [["Drill: a backup is not proven", `${marker}\n${advice}\n\n${unproven}`]],
      ],
    );
  });

  it("is closed where all are proven, and the one on drift stays", async () => {
    const own = github.add("issues", 4, `${marker}\nof last week`, { user: bot });
    const drift = github.add("issues", 5, "<!-- cluster-storage: drift -->\nof yesterday", { user: bot });
    const files = [await report("dev", "none"), await report("prod", "proven")];
    assert.equal((await post(...files)).stdout, `issue closed ${own.html_url}`);
    assert.deepEqual([own.state, drift.state], ["closed", "open"]);
    assert.equal((await post(...files)).stdout, "every backup is proven, and no issue on it is open");
  });

  it("counts a drill that left no report as one that proved nothing", async () => {
    await post("--stacks", '["prod"]');
    assert.match(github.issues[0]!.body!, /### prod: not every backup is proven\n[^]*its run ended without a report/);
  });

  it("is about nothing else", async () => {
    const { exitCode, stderr } = await bench.run(["ci:issue", "--about", "drills", "x"], github.env);
    assert.deepEqual([exitCode, stderr, github.requests], [1, "--about drills is unknown; write drift or drill", []]);
  });
});

describe("ci:drill", function () {
  this.timeout(120_000);
  let bench: Bench;
  eachWithGitHub((made) => ({ bench } = made));

  it("passes, and says so, where the stack has no backups", async () => {
    await bench.says("output", { services: {} });
    const { exitCode, stdout } = await bench.run(["ci:drill", "--stack", "dev"]);
    assert.deepEqual([exitCode, stdout], [0, "### dev: it has no backups"]);
  });
});
