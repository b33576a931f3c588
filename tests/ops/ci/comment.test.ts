import assert from "node:assert/strict";
import { type Bench, pullRequestEvent } from "./command";
import { bot, type FakeGitHub } from "./fake-github";
import { eachWithGitHub } from "./hooks";

const report = (stack: string, markdown: string) => ({ stack, outcome: "safe", markdown });

describe("ci:comment", function () {
  this.timeout(120_000);
  let bench: Bench;
  let github: FakeGitHub;
  eachWithGitHub((made) => ({ bench, github } = made));

  const comment = async (args: string[], env: NodeJS.ProcessEnv = {}) =>
    bench.run(["ci:comment", ...args], { ...github.env, ...env });
  const inRun = async (event: object) => ({ GITHUB_EVENT_PATH: await bench.write("event.json", event) });

  it("writes one comment for each stack, with exactly the report's text", async () => {
    const files = [
      await bench.write("prod.json", report("prod", "### prod\n")),
      await bench.write("dev.json", report("dev", "### dev\n")),
    ];
    const { exitCode, stdout } = await comment(files, await inRun(pullRequestEvent()));
    assert.equal(exitCode, 0);
    assert.deepEqual(
      github.comments.map(({ number, body }) => [number, body]),
      [
        [7, "<!-- cluster-storage: preview of dev -->\n### dev\n"],
        [7, "<!-- cluster-storage: preview of prod -->\n### prod\n"],
      ],
    );
    assert.equal(
      stdout,
      `dev: comment created ${github.comments[0]!.html_url}\nprod: comment created ${github.comments[1]!.html_url}`,
    );
    assert.deepEqual([...github.tokens], ["Bearer ghs_aTokenOfTheRun"]);
  });

  it("replaces its own comment, behind a hundred others, and touches none of them", async () => {
    for (let i = 0; i < 120; i++) github.add("comments", 7, i % 2 ? `remark ${i}` : null);
    github.add("comments", 7, "> <!-- cluster-storage: preview of dev -->\nquoted by somebody", { user: bot });
    const own = github.add("comments", 7, "<!-- cluster-storage: preview of dev -->\n### as it was\n", { user: bot });
    github.add("comments", 8, "<!-- cluster-storage: preview of dev -->\n### another pull request's\n", { user: bot });
    github.add("comments", 7, "<!-- cluster-storage: preview of dev -->\n### a stranger's, who was first\n");
    const before = structuredClone(github.comments);
    const { exitCode, stdout } = await comment(
      [await bench.write("dev.json", report("dev", "### as it is\n"))],
      await inRun(pullRequestEvent()),
    );
    assert.equal(exitCode, 0);
    assert.equal(stdout, `dev: comment updated ${own.html_url}`);
    assert.deepEqual(
      github.comments,
      before.map((entry) =>
        entry.id === own.id ? { ...entry, body: "<!-- cluster-storage: preview of dev -->\n### as it is\n" } : entry,
      ),
    );
  });

  it("leaves a comment alone that says the same already", async () => {
    const own = github.add("comments", 7, "<!-- cluster-storage: preview of dev -->\n### dev\n", { user: bot });
    const { stdout } = await comment([
      await bench.write("dev.json", report("dev", "### dev\n")),
      "--pull-request",
      "7",
    ]);
    assert.equal(stdout, `dev: comment unchanged ${own.html_url}`);
    assert.deepEqual(github.requests, [
      "GET /repos/owner/notes/pulls/7/files?per_page=100&page=1",
      "GET /user",
      "GET /repos/owner/notes/issues/7/comments?per_page=100&page=1",
    ]);
  });

  it("says of a stack without a report that nothing is known, where an earlier commit's stood", async () => {
    const own = github.add("comments", 7, "<!-- cluster-storage: preview of prod -->\n### ✅ as it was\n", {
      user: bot,
    });
    const { exitCode, stdout } = await comment(
      [await bench.write("dev.json", report("dev", "### dev\n")), "--stacks", '["dev","prod"]'],
      await inRun(pullRequestEvent()),
    );
    assert.deepEqual([exitCode, stdout.split("\n").at(-1)], [0, `prod: comment updated ${own.html_url}`]);
    assert.equal(
      own.body,
      "<!-- cluster-storage: preview of prod -->\n### Data impact on `prod`\n\n❌ not known\n\nThe preview " +
        "ended without a report. The log of its job says why.\n\ncommit 0123456\n",
    );
    assert.equal(github.comments.length, 2);
  });

  it("goes on after an answer that GitHub was too busy for", async () => {
    github.failures.push([502, "Bad Gateway"], [429, "slow down"]);
    const { exitCode } = await comment([
      await bench.write("dev.json", report("dev", "### dev\n")),
      "--pull-request",
      "7",
    ]);
    assert.equal(exitCode, 0);
    assert.equal(github.comments.length, 1);
  });

  describe("says in one line", () => {
    const refused = async (args: string[], env: NodeJS.ProcessEnv, line: string) => {
      const { exitCode, stdout, stderr } = await comment(args, env);
      assert.deepEqual({ exitCode, stdout, stderr }, { exitCode: 1, stdout: "", stderr: line });
      assert.deepEqual(github.comments, []);
    };
    const file = () => bench.write("dev.json", report("dev", "### dev\n"));

    it("what GitHub refuses", async () => {
      github.failures.push([403, "Resource not accessible by integration"]);
      await refused(
        [await file(), "--pull-request", "7"],
        {},
        "GitHub: GET /repos/owner/notes/pulls/7/files: 403 Resource not accessible by integration",
      );
    });

    it("that a token is missing", async () => {
      await refused(
        [await file(), "--pull-request", "7"],
        { GITHUB_TOKEN: undefined },
        "GITHUB_TOKEN not set: nothing was written to GitHub",
      );
    });

    it("that no pull request is known", async () =>
      refused(
        [await file()],
        {},
        "the number of the pull request isn't known, so nothing was posted; " + "pass --pull-request N",
      ));

    it("that there is no report", async () => {
      await refused(
        ["--pull-request", "7"],
        {},
        "there is no report to post; name the files that npm run ci:preview -- --out FILE wrote",
      );
      const other = await bench.write("other.json", { some: "thing" });
      await refused(
        [other, "--pull-request", "7"],
        {},
        `${other} is not a report of npm run ci:preview, ci:drift or ci:drill, so nothing was posted`,
      );
    });

    it("that the event can't be read", async () => {
      const event = await bench.write("event.json", "{");
      const { exitCode, stderr } = await comment([await file()], { GITHUB_EVENT_PATH: event });
      assert.equal(exitCode, 1);
      assert.match(stderr, /^the event in .*event\.json \(GITHUB_EVENT_PATH\) can't be read: [^\n]+$/);
    });
  });

  it("posts nothing for a fork, and passes", async () => {
    const { exitCode, stdout } = await comment([], {
      ...(await inRun(pullRequestEvent({ fork: true }))),
      GITHUB_TOKEN: undefined,
    });
    assert.deepEqual(
      [exitCode, stdout],
      [0, "nothing is posted: a pull request from a fork has no secrets, so no stack was previewed"],
    );
  });
});
