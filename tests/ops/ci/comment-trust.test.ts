import assert from "node:assert/strict";
import { type Bench, pullRequestEvent } from "./command";
import type { FakeGitHub } from "./fake-github";
import { eachWithGitHub } from "./hooks";

const marker = "<!-- cluster-storage: preview of dev -->";
const mine = "### as it is\n";
const first = "### a stranger's, who was first, and edits it later\n";

describe("ci:comment, with people who mean harm", function () {
  this.timeout(120_000);
  let bench: Bench;
  let github: FakeGitHub;
  eachWithGitHub((made) => ({ bench, github } = made));

  const comment = async (env: NodeJS.ProcessEnv = {}) => {
    const file = await bench.write("dev.json", { stack: "dev", outcome: "safe", markdown: mine });
    const event = await bench.write("event.json", pullRequestEvent());
    const ended = await bench.run(["ci:comment", file], { ...github.env, GITHUB_EVENT_PATH: event, ...env });
    assert.equal(ended.exitCode, 0, ended.stderr);
    return ended.stdout.replace(/ http\S+/, "");
  };
  const bodies = () => github.comments.map(({ user, body }) => [user?.login, body]);

  it("never writes into a stranger's comment, nor into one whose account is gone", async () => {
    github.add("comments", 7, `${marker}\n${first}`);
    github.add("comments", 7, `${marker}\n${first}`, { user: null });
    assert.equal(await comment(), "dev: comment created");
    assert.equal(await comment(), "dev: comment unchanged");
    assert.deepEqual(bodies(), [
      ["somebody", `${marker}\n${first}`],
      [undefined, `${marker}\n${first}`],
      ["notes-bot", `${marker}\n${mine}`],
    ]);
  });

  it("knows its own by a workflow's token too, which has no user", async () => {
    github.tellsUser = false;
    github.add("comments", 7, `${marker}\n${first}`);
    const env = { GITHUB_ACTIONS: "true" };
    assert.deepEqual([await comment(env), await comment(env)], ["dev: comment created", "dev: comment unchanged"]);
    assert.deepEqual(bodies(), [
      ["somebody", `${marker}\n${first}`],
      ["github-actions[bot]", `${marker}\n${mine}`],
    ]);
  });

  it("writes a new one where it can't know which is its own", async () => {
    github.tellsUser = false;
    github.add("comments", 7, `${marker}\nold`, { user: { login: "github-actions[bot]" } });
    assert.equal(await comment(), "dev: comment created");
    assert.deepEqual(bodies(), [
      ["github-actions[bot]", `${marker}\nold`],
      ["github-actions[bot]", `${marker}\n${mine}`],
    ]);
  });

  const warned = async (...files: FakeGitHub["files"]) => {
    github.files = files;
    await comment();
    return github.comments[0]!.body!;
  };
  const read = "Read those changes before you go by this comment or by the checks.";

  it("warns where the pull request changes what judges it, under an old name too", async () => {
    assert.equal(
      await warned(
        { filename: "services/redis.ts" },
        { filename: "policy/rules/protected-claim.ts" },
        { filename: "attic/ci-preview.ts", previous_filename: "ops/commands/ci-preview.ts" },
        { filename: "promotion.yaml" },
        { filename: "ops/terminal/exit-codes.ts" },
        { filename: ".github/workflows/deploy.yml" },
      ),
      `${marker}\n⚠️ This pull request changes what judges it: \`.github/workflows/deploy.yml\`, ` +
        `\`ops/commands/ci-preview.ts\`, \`ops/terminal/exit-codes.ts\`, \`policy/rules/protected-claim.ts\`, ` +
        `\`promotion.yaml\`. ${read}\n\n${mine}`,
    );
  });

  it("says nothing of it where it changes none of that", async () =>
    assert.equal(
      await warned(
        { filename: "services/redis.ts" },
        { filename: "docs/policy/x.md" },
        { filename: "Pulumi.dev.yaml" },
      ),
      `${marker}\n${mine}`,
    ));

  it("names some of many, and says so where GitHub doesn't list all", async () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, i) => ({ filename: `policy/rules/r${100 + i}.ts` }));
    const names = many(12).map(({ filename }) => `\`${filename}\``);
    assert.equal(
      await warned(...many(20)),
      `${marker}\n⚠️ This pull request changes what judges it: ${names.join(", ")} and 8 more. ${read}\n\n${mine}`,
    );
    assert.equal(
      await warned(...many(3_000)),
      `${marker}\n⚠️ This pull request changes so many files that GitHub doesn't list them all. ${read}\n\n${mine}`,
    );
  });
});
