import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import type { Bench } from "./command";
import { bot, type FakeGitHub } from "./fake-github";
import { describeDrift } from "../../../ops/ci/issue-text";
import { eachWithGitHub } from "./hooks";

const marker = "<!-- cluster-storage: drift -->";
const advice =
  "`pulumi up` changes the cluster back; `pulumi refresh` takes the changes into the state. " +
  "This issue is updated every night, and closed when nothing differs.";

const drifted = `Previewing refresh (dev):
warning: using pulumi-resource-kubernetes from $PATH at /somewhere
  ~ kubernetes:apps/v1:Deployment: (update)
      ~ spec.replicas: 1 => 0
Resources:
    ~ 1 to update
    132 unchanged
error: no changes were expected but changes were proposed`;

const differs =
  "### dev: the cluster was changed outside of Pulumi\n\n<details><summary>What differs</summary>\n\n```text\n~ " +
  "kubernetes:apps/v1:Deployment: (update)\n      ~ spec.replicas: 1 => 0\nResources:\n    ~ 1 to update\n    " +
  "132 unchanged\nerror: no changes were expected but changes were proposed\n```\n\n</details>\n";

describe("drift", function () {
  this.timeout(120_000);
  let bench: Bench;
  let github: FakeGitHub;
  eachWithGitHub((made) => ({ bench, github } = made));
  beforeEach(() => bench.says("output", { services: {} }));

  const look = async () => bench.run(["ci:drift", "--stack", "dev", "--out", `${bench.directory}/reports/dev.json`]);
  const post = (...files: string[]) => bench.run(["ci:issue", ...files], github.env);
  const report = (stack: string, outcome: string, markdown: string) =>
    bench.write(`${stack}.json`, { stack, outcome, markdown });

  it("is looked for without changing anything, and passes where there is none", async () => {
    await bench.says("refresh", "Resources:\n    133 unchanged\n");
    const { exitCode, stdout } = await look();
    assert.deepEqual([exitCode, stdout], [0, "### dev: the cluster is as the last update left it"]);
    const calls = (await readFile(`${bench.directory}/calls`, "utf8")).trim().split("\n");
    assert.deepEqual(
      calls.map((call) => call.replaceAll(/ \/\S+/g, " PATH")).filter((call) => !call.startsWith("stack ")),
      [
        "version",
        "refresh --preview-only --expect-no-changes --diff --stack dev --event-log PATH " +
          "--non-interactive --color never",
      ],
    );
  });

  it("ends with 2 where there is some, and leaves a report", async () => {
    await bench.says("refresh", drifted, 255);
    const { exitCode } = await look();
    assert.equal(exitCode, 2);
    assert.deepEqual(JSON.parse(await readFile(`${bench.directory}/reports/dev.json`, "utf8")), {
      stack: "dev",
      outcome: "drift",
      markdown: differs,
    });
  });

  it("ends with 1 where it can't be found out", async () => {
    await bench.says("refresh", "Diagnostics:\n  kubernetes: error: connection refused\n\nResources:\n", 255);
    const { exitCode, stdout } = await look();
    assert.equal(exitCode, 1);
    assert.equal(
      stdout,
      "### dev: could not be compared\n\n<details><summary>What it said</summary>\n\n```text\nDiagnostics:\n  " +
        "kubernetes: error: connection refused\n```\n\n</details>",
    );
  });

  it("is told after the data's troubles, with what to do about those before anything else", async () => {
    const troubles = [{ why: "claim redis-data is gone", wayOut: "bring the data back from a backup" }];
    const trouble = "### dev: data is in trouble\n\n- claim redis-data is gone; bring the data back from a backup\n";
    assert.equal(describeDrift("dev", "drift", "", troubles), trouble);
    const both = describeDrift("dev", "drift", drifted, troubles);
    assert.equal(both, `${trouble}\n${differs.split("\n\n").slice(1).join("\n\n")}`);
    await post(await bench.write("dev.json", { stack: "dev", outcome: "drift", data: true, markdown: both }));
    assert.equal(
      github.issues[0]!.body,
      `${marker}\n**Data first.** Where a stack's data is in trouble, do what stands there before anything else. A ` +
        "`pulumi refresh` brings nothing back: it makes the state forget a claim that is gone." +
        `\n\n${advice}\n\n${both.trim()}\n`,
    );
  });

  it("can't be told where the data can't be looked at", async () => {
    await bench.says("refresh", "Resources:\n    133 unchanged\n");
    await bench.says("output", {});
    const { exitCode, stdout } = await look();
    assert.equal(exitCode, 1);
    assert.match(stdout, /^### dev: could not be compared\n\n[^]*stack "dev" has no services in its outputs: it was/);
  });

  it("opens one issue, for all stacks", async () => {
    const { exitCode, stdout } = await post(
      await report("prod", "same", "### prod: the cluster is as the last update left it\n"),
      await report("dev", "drift", differs),
    );
    assert.equal(exitCode, 0);
    assert.deepEqual(
      github.issues.map(({ title, body }) => [title, body]),
      [
        [
          "Drift: a cluster is not what its stack says",
          `${marker}\n${advice}\n\n${differs.trim()}\n\n### prod: the cluster is as the last update left it\n`,
        ],
      ],
    );
    assert.equal(stdout, `issue created ${github.issues[0]!.html_url}`);
  });

  it("updates the one that is open, and neither another nor a pull request that begins alike", async () => {
    const others = [
      github.add("issues", 1, "something else"),
      github.add("issues", 2, `${marker}\nmine`, { user: bot, pull_request: {} }),
      github.add("issues", 3, `${marker}\nof last year`, { user: bot, state: "closed" }),
      github.add("issues", 5, `${marker}\nof a stranger, who knows our first line`),
    ];
    const own = github.add("issues", 4, `${marker}\nof yesterday`, { user: bot });
    const untouched = structuredClone(others);
    const { stdout } = await post(await report("dev", "drift", differs));
    assert.equal(stdout, `issue updated ${own.html_url}`);
    assert.equal(own.body, `${marker}\n${advice}\n\n${differs.trim()}\n`);
    assert.deepEqual(others, untouched);
    assert.equal(github.issues.length, 5);
  });

  it("closes it where nothing differs any more, and opens none", async () => {
    const own = github.add("issues", 4, `${marker}\nof yesterday`, { user: bot });
    const file = await report("dev", "same", "### dev: the cluster is as the last update left it\n");
    assert.equal((await post(file)).stdout, `issue closed ${own.html_url}`);
    assert.equal(own.state, "closed");
    assert.equal((await post(file)).stdout, "there is no drift, and no issue on it is open");
    assert.equal(github.issues.length, 1);
  });

  it("keeps it where a stack that was to be compared left no report", async () => {
    const own = github.add("issues", 4, `${marker}\nof yesterday`, { user: bot });
    const { exitCode } = await post(
      await report("prod", "same", "### prod: the cluster is as the last update left it\n"),
      "--stacks",
      '["dev","prod"]',
    );
    assert.deepEqual([exitCode, own.state], [0, "open"]);
    const unknown =
      "### dev: could not be compared\n\n<details><summary>What it said</summary>\n\n```text\nnothing, " +
      "because its run ended without a report\n```\n\n</details>";
    assert.equal(
      own.body,
      `${marker}\n${advice}\n\n${unknown}\n\n### prod: ` + `the cluster is as the last update left it\n`,
    );
  });

  it("posts nothing where the expected stacks are no list", async () => {
    const { exitCode, stderr } = await post("--stacks", "dev");
    assert.deepEqual(
      [exitCode, stderr, github.requests],
      [1, "--stacks dev is not a list of stacks as npm run ci:stacks prints it, so nothing was posted", []],
    );
  });

  it("keeps the issue where a stack could not be compared", async () => {
    await post(await report("dev", "failed", "### dev: could not be compared\n"));
    assert.equal(github.issues[0]!.body, `${marker}\n${advice}\n\n### dev: could not be compared\n`);
  });
});
