import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../../stack";
import { Bench, pullRequestEvent } from "./command";
import { quiet } from "./preview-texts";

const settings = (text: string) => `config:\n  cluster-storage:policy: ${text}\n`;

describe("ci:preview of a pull request that changes its own policies", function () {
  this.timeout(120_000);
  let bench: Bench;
  beforeEach(async () => {
    bench = await Bench.make();
    await bench.says("impact", { steps: [] });
    await bench.says("preview", quiet);
    // The settings are gone when the command has ended.
    const pulumi = join(bench.directory, "pulumi");
    const file = `"$(echo "$*" | sed 's/.*-config \\([^ ]*\\).*/\\1/')"`;
    const keep = `case "$*" in preview*--policy-pack-config*) cp ${file} "$BENCH/used" ;; esac`;
    await writeFile(pulumi, (await readFile(pulumi, "utf8")).replace("\n", `\n${keep}\n`));
  });
  afterEach(() => bench.remove());

  /** `own`: the policy settings in the pull request; `base`: the stack's file in the branch that it goes to. */
  async function preview(own: string, base?: string, inPullRequest = true) {
    const file = await readFile(join(root, "Pulumi.dev.yaml"), "utf8");
    await bench.write("Pulumi.dev.yaml", file.replace(/^config:\n/m, settings(own)));
    if (base !== undefined) await bench.write("base.yaml", base);
    const run = {
      GITHUB_ACTIONS: "true",
      GITHUB_EVENT_PATH: await bench.write("event.json", pullRequestEvent()),
      CI_KUBECONFIG: "users: []",
    };
    const { exitCode, stdout, stderr } = await bench.run(["ci:preview", "--stack", "dev"], {
      CLUSTER_STORAGE_STACKS: bench.directory,
      ...(inPullRequest ? run : {}),
    });
    const used = existsSync(`${bench.directory}/used`)
      ? (JSON.parse(await readFile(`${bench.directory}/used`, "utf8")) as object)
      : undefined;
    const policies = stdout.split("\n\n").filter((part) => /^(Policies: |This pull)/.test(part));
    return { exitCode, stderr, used, policies };
  }

  const kept = "Policies: all mandatory ones kept. Not mandatory: `backup-stated` (disabled).";
  const changes = (names: string) =>
    `This pull request changes the settings of ${names}. They count once they are merged: it was judged by those of ` +
    "the branch that it goes to.";

  it("is judged by those of the branch that it goes to, and says what it changes", async () => {
    const ended = await preview("{ all: disabled, probes: advisory }", settings("{ probes: mandatory }"));
    assert.deepEqual(ended, {
      exitCode: 0,
      stderr: "",
      used: { probes: "mandatory" },
      policies: [kept, changes("`all`, `probes`")],
    });
  });

  it("is judged by the pack's own levels where that branch doesn't have the stack", async () => {
    const { used, policies } = await preview("{ all: disabled }");
    assert.deepEqual({ used, policies }, { used: {}, policies: [kept, changes("`all`")] });
  });

  it("names what that branch has made advisory", async () => {
    const { used, policies } = await preview("{ probes: advisory }", settings("{ probes: advisory }"));
    assert.deepEqual(
      { used, policies },
      {
        used: { probes: "advisory" },
        policies: [
          "Policies: all mandatory ones kept. Not mandatory: `probes` (advisory), `backup-stated` (disabled).",
        ],
      },
    );
  });

  it("goes by the checkout's own on a laptop", async () => {
    const { used } = await preview("{ probes: advisory }", settings("{ probes: mandatory }"), false);
    assert.deepEqual(used, { probes: "advisory" });
  });

  it("isn't previewed where the checkout is not GitHub's trial merge of it", async () => {
    await bench.write("not-merged", "");
    const { exitCode, stderr, used } = await preview("{ all: disabled }", settings("{}"));
    assert.deepEqual(
      [exitCode, stderr, used],
      [
        1,
        "the branch that the pull request goes to isn't in this checkout, so its policy settings can't be read: " +
          "check out GitHub's trial merge of 0123456, with fetch-depth: 2 (.github/workflows/pull-request.yml); " +
          "nothing was previewed",
        undefined,
      ],
    );
  });
});
