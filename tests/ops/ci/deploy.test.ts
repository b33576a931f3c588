import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { Bench, commit } from "./command";

const lost = {
  steps: [
    {
      op: "delete",
      urn: "urn:pulumi:dev::cluster-storage::kubernetes:core/v1:PersistentVolumeClaim::redis-data",
      oldState: {
        type: "kubernetes:core/v1:PersistentVolumeClaim",
        id: "a/redis-data",
        inputs: {
          metadata: { name: "redis-data", namespace: "a" },
          spec: { resources: { requests: { storage: "1Gi" } } },
        },
      },
    },
  ],
};

describe("ci:deploy", function () {
  this.timeout(120_000);
  let bench: Bench;
  beforeEach(async () => {
    bench = await Bench.make();
    await bench.says("impact", { steps: [] });
  });
  afterEach(() => bench.remove());

  const deploy = (...more: string[]) =>
    bench.run(["ci:deploy", "--stack", "dev", ...more], { GITHUB_STEP_SUMMARY: `${bench.directory}/summary.md` });
  const calls = async () =>
    (await readFile(`${bench.directory}/calls`, "utf8"))
      .trim()
      .split("\n")
      .map((call) => call.split(" ")[0]);

  it("stops before it changes anything where data would be lost", async () => {
    await bench.says("impact", lost);
    const { exitCode, stderr } = await deploy();
    assert.deepEqual(
      [exitCode, stderr],
      [
        2,
        `stack "dev": data would be lost, so nothing was changed (` +
          `to deploy all the same: --accept-data-loss dev@${commit})`,
      ],
    );
    assert.deepEqual(await calls(), ["version", "preview"]);
    assert.match(await readFile(`${bench.directory}/summary.md`, "utf8"), /^### dev\n\n[^]*redis-data/);
  });

  it("goes on where that was accepted, with the policies on", async () => {
    await bench.says("impact", lost);
    await bench.says("up", "Diagnostics:\n  error: the cluster is gone\n\nResources:\n", 255);
    const { exitCode, stderr } = await deploy("--accept-data-loss", `dev@${commit}`);
    assert.equal(exitCode, 1);
    assert.equal(stderr, 'stack "dev": the update failed: Diagnostics:\n  error: the cluster is gone');
    assert.match(
      await readFile(`${bench.directory}/calls`, "utf8"),
      new RegExp(
        String.raw`\nup --yes --diff --suppress-outputs --policy-pack policy --policy-pack-config \S+ ` +
          String.raw`--stack dev --event-log \S+ --non-interactive --color never\n`,
      ),
    );
    assert.match(
      await readFile(`${bench.directory}/summary.md`, "utf8"),
      new RegExp(
        "<summary>The update failed</summary>\n\n```text\nDiagnostics:\n {2}error: the cluster is gone\n" +
          "Resources:\n```",
      ),
    );
  });

  it("fails after an update that isn't verified, and shows both", async () => {
    await bench.says("up", "Updating (dev):\nResources:\n    + 1 created\n");
    const { exitCode, stderr } = await deploy();
    assert.equal(exitCode, 1);
    assert.match(
      stderr,
      /^stack "dev" has no services in its outputs: it was never deployed completely; run pulumi up$/m,
    );
    const summary = await readFile(`${bench.directory}/summary.md`, "utf8");
    assert.match(
      summary,
      new RegExp(
        [
          "<summary>The update</summary>\n\n```text\nUpdating \\(dev\\):",
          "Resources:\n {4}\\+ 1 created\n```\n\n</details>\n",
          "\\*\\*Not every service's data outlived its pod\\*\\*\n",
        ].join("\n"),
      ),
    );
    assert.deepEqual((await calls()).slice(0, 3), ["version", "preview", "up"]);
  });

  it("shows of an update what it did, and neither the preview before it nor what it waited for", async () => {
    await bench.says(
      "up",
      "Previewing update (dev):\n    ~ Deployment: (update)\n\nResources:\n    ~ 1 to update\n\nUpdating " +
        "(dev):\n[1/2] Waiting for 1 Pod\n    ~ Deployment: (update)\n\nDeployment initialization " +
        "complete\n\nWaiting for nobody\nResources:\n    ~ 1 updated\n",
    );
    const statuses = ["", "[1/2] Waiting for 1 Pod", "", "Deployment initialization complete", ""];
    await bench.logs("up", [
      ...statuses.map((text) => ({ ephemeral: true, message: `${text}\n` })),
      { ephemeral: false, message: "Waiting for nobody\n" },
    ]);
    await deploy();
    const summary = await readFile(`${bench.directory}/summary.md`, "utf8");
    assert.match(
      summary,
      new RegExp(
        "\n```text\nUpdating \\(dev\\):\n {4}~ Deployment: \\(update\\)\n" +
          "Waiting for nobody\nResources:\n {4}~ 1 updated\n```\n",
      ),
    );
    assert.ok(!summary.includes("to update"), summary);
  });

  it("fails without an update where the impact can't be found out", async () => {
    await bench.says("impact", "error: the stack is currently locked by 1 lock(s).", 255);
    const { exitCode } = await deploy();
    assert.equal(exitCode, 1);
    assert.deepEqual(await calls(), ["version", "preview"]);
  });

  it("names the secrets that a workflow has not been given", async () => {
    const { exitCode, stderr } = await bench.run(["ci:deploy", "--stack", "dev"], {
      GITHUB_ACTIONS: "true",
      CI_KUBECONFIG: "users: []",
      PULUMI_BACKEND_URL: "",
    });
    assert.deepEqual(
      [exitCode, stderr],
      [
        1,
        "PULUMI_ACCESS_TOKEN or PULUMI_BACKEND_URL not set: add it to the secrets of the job's environment " +
          "(docs/ci.md); nothing was changed",
      ],
    );
    assert(!existsSync(`${bench.directory}/calls`));
  });
});

describe("ci:promote", function () {
  this.timeout(120_000);
  it("asks which way", async () => {
    const bench = await Bench.make();
    const { exitCode, stderr } = await bench.run(["ci:promote", "--from", "dev"]);
    await bench.remove();
    assert.deepEqual(
      [exitCode, stderr],
      [1, "--from STACK and --to STACK must both be given: npm run ci:promote -- --from dev --to prod"],
    );
  });

  it("says what the approver goes by, and fails where dev hasn't earned it", async () => {
    const bench = await Bench.make();
    await bench.says("impact", { steps: [] });
    const { exitCode, stdout, stderr } = await bench.run(["ci:promote", "--from", "dev", "--to", "prod"], {
      GITHUB_STEP_SUMMARY: `${bench.directory}/summary.md`,
    });
    const summary = await readFile(`${bench.directory}/summary.md`, "utf8");
    await bench.remove();
    assert.equal(exitCode, 1, stderr);
    assert.equal(summary, `${stdout}\n`);
    assert.match(summary, /### Data impact on `prod`\n[^]*<details><summary>dev beside prod<\/summary>/);
    assert.match(stderr, /dev/);
  });
});

describe("ci:stacks", function () {
  this.timeout(60_000);
  it("names the committed stacks for a matrix", async () => {
    const bench = await Bench.make();
    const { stdout } = await bench.run(["ci:stacks"]);
    await bench.remove();
    assert.equal(stdout, '["dev","prod"]');
  });
});
