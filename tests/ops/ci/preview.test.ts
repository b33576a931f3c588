import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { Bench, pullRequestEvent } from "./command";
import { broken, deletion, quiet } from "./preview-texts";

const label = "accept-data-loss:dev@0123456789abcdef";

describe("ci:preview", function () {
  this.timeout(120_000);
  let bench: Bench;
  beforeEach(async () => {
    bench = await Bench.make();
    await bench.says("impact", { steps: [] });
    await bench.says("preview", quiet);
  });
  afterEach(() => bench.remove());

  const inRun = async (event: object, env: NodeJS.ProcessEnv = {}): Promise<NodeJS.ProcessEnv> => ({
    GITHUB_ACTIONS: "true",
    GITHUB_EVENT_PATH: await bench.write("event.json", event),
    CI_KUBECONFIG: "users:\n- user:\n    token: eyJhbGciOiJSUzI1NiJ9\n",
    ...env,
  });
  const preview = (env: NodeJS.ProcessEnv) =>
    bench.run(["ci:preview", "--stack", "dev", "--out", `${bench.directory}/dev.json`], env);
  const report = async () =>
    JSON.parse(await readFile(`${bench.directory}/dev.json`, "utf8")) as { outcome: string; markdown: string };

  it("passes where nothing is lost, and leaves the comment's text", async () => {
    const { exitCode, stdout, stderr } = await preview(await inRun(pullRequestEvent()));
    assert.deepEqual([exitCode, stderr], [0, ""]);
    const { outcome, markdown } = await report();
    assert.equal(outcome, "safe");
    assert.equal(`${stdout}\n`, markdown);
    assert.match(markdown, /^### Data impact on `dev`\n/);
    assert.match(
      markdown,
      new RegExp(
        "\n\nPolicies: all mandatory ones kept\\. Not mandatory: `backup-stated` \\(disabled\\)\\.\n\n" +
          "<details>.*\n\n```text\nResources:\n {4}133 unchanged\n```\n\n" +
          "</details>\n\ncommit 0123456\n$",
      ),
    );
  });

  it(
    "runs the preview with the policies and nothing that changes anything, and its kubeconfig is gone " + "afterwards",
    async () => {
      await preview(await inRun(pullRequestEvent()));
      const calls = (await readFile(`${bench.directory}/calls`, "utf8")).trim().split("\n").sort();
      assert.deepEqual(
        calls.map((call) => call.replace(/ --config-file \S+/, "").replaceAll(/ \/\S+/g, " PATH")),
        [
          "preview --diff --policy-pack policy --policy-pack-config PATH --stack dev --event-log PATH " +
            "--non-interactive --color never",
          "preview --stack dev --json --show-sames --non-interactive --color never",
          "version",
        ],
      );
      assert.deepEqual(
        (await readdir(bench.directory)).filter((name) => /^(kubeconfig-|cluster-storage-)(?!mode)/.test(name)),
        [],
      );
      assert.deepEqual(
        [...new Set((await readFile(`${bench.directory}/kubeconfig-mode`, "utf8")).trim().split("\n"))],
        ["600"],
      );
    },
  );

  it("ends with 2 where data is lost, and passes with the label", async () => {
    await bench.says("impact", deletion);
    const { exitCode, stderr } = await preview(await inRun(pullRequestEvent()));
    assert.deepEqual(
      [exitCode, stderr],
      [2, `stack "dev": data would be lost, and no label ${label} accepts it; nothing was changed`],
    );
    const { outcome, markdown } = await report();
    assert.equal(outcome, "at-risk");
    assert.match(markdown, /redis-data/);

    const old = await preview(await inRun(pullRequestEvent({ labels: ["accept-data-loss"] })));
    assert.equal(old.exitCode, 2, old.stderr);
    const labelled = await preview(await inRun(pullRequestEvent({ labels: [label] })));
    assert.deepEqual([labelled.exitCode, labelled.stderr], [0, ""]);
    assert.match(
      (await report()).markdown,
      /\n\nThe label `accept-data-loss:dev@0123456789abcdef` accepts this, for this stack and this commit\.\n/,
    );
  });

  it("ends with 1 where a policy refuses, and names it", async () => {
    await bench.says("preview", broken, 255);
    const { exitCode, stderr } = await preview(await inRun(pullRequestEvent({ labels: [label] })));
    assert.deepEqual([exitCode, stderr], [1, ""]);
    const { outcome, markdown } = await report();
    assert.equal(outcome, "refused");
    assert.match(
      markdown,
      new RegExp(
        String.raw`\n\| protected-claim \| mandatory \| PersistentVolumeClaim redis-data \| ` +
          String.raw`PersistentVolumeClaim local-ai-system\/redis-data is not protected \|\n`,
      ),
    );
  });

  it("shows no secret, though the preview printed it", async () => {
    await bench.says("preview", `${quiet}    + token: eyJhbGciOiJSUzI1NiJ9\n    + passphrase: correct horse\n`);
    const { stdout } = await preview(await inRun(pullRequestEvent(), { PULUMI_CONFIG_PASSPHRASE: "correct horse" }));
    const { markdown } = await report();
    for (const text of [stdout, markdown]) {
      assert.match(text, /\+ token: \[secret\]\n {4}\+ passphrase: \[secret\]\n/);
      assert.doesNotMatch(text, /eyJhbGci|correct horse/);
    }
  });

  describe("says in one line, and asks the CLI for nothing", () => {
    it("that a fork's pull request is not previewed, and passes", async () => {
      const { exitCode, stdout, stderr } = await preview(
        await inRun(pullRequestEvent({ fork: true }), { CI_KUBECONFIG: undefined, PULUMI_BACKEND_URL: undefined }),
      );
      assert.deepEqual(
        [exitCode, stdout, stderr],
        [
          0,
          'stack "dev" is not previewed: a pull request from a fork has no secrets; npm run test:offline ' +
            "checks it without a cluster",
          "",
        ],
      );
      assert(!existsSync(`${bench.directory}/calls`) && !existsSync(`${bench.directory}/dev.json`));
    });

    it("which secrets are missing", async () => {
      const { exitCode, stderr } = await preview(
        await inRun(pullRequestEvent(), { CI_KUBECONFIG: undefined, PULUMI_BACKEND_URL: undefined }),
      );
      assert.deepEqual(
        [exitCode, stderr],
        [
          1,
          "PULUMI_ACCESS_TOKEN or PULUMI_BACKEND_URL and CI_KUBECONFIG not set: add it to the secrets of the " +
            "job's environment (docs/ci.md); nothing was changed",
        ],
      );
      assert(!existsSync(`${bench.directory}/calls`));
    });
  });

  describe("says in one line, and leaves no report", () => {
    const refused = async (args: string[], line: string) => {
      const { exitCode, stdout, stderr } = await bench.run([
        "ci:preview",
        ...args,
        "--out",
        `${bench.directory}/dev.json`,
      ]);
      assert.deepEqual(
        { exitCode, stdout, stderr: stderr.split("\n").at(-1) },
        { exitCode: 1, stdout: "", stderr: line },
      );
      assert(!existsSync(`${bench.directory}/dev.json`));
    };

    it("that there is no such stack", () =>
      refused(["--stack", "staging"], 'there is no Pulumi.staging.yaml: no stack "staging" in this checkout'));

    it("that another run holds the stack", async () => {
      await bench.says("preview", "error: the stack is currently locked by 1 lock(s).", 255);
      await refused(
        ["--stack", "dev"],
        'stack "dev" is locked by another update; if that update is dead: npm run recover -- --stack dev',
      );
    });

    it("that nobody is logged in", async () => {
      await bench.says(
        "preview",
        "error: PULUMI_ACCESS_TOKEN must be set for login during non-interactive CLI sessions",
        255,
      );
      await refused(["--stack", "dev"], "not logged in to Pulumi: pulumi login, or set PULUMI_BACKEND_URL");
    });
  });
});
