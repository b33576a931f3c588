import assert from "node:assert/strict";
import { execa } from "execa";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { consoleProgress } from "../../local-cluster/progress";
import { ensureTestTools } from "../../local-cluster/tools";
import { committedStacks, root } from "../stack";

interface Step {
  uses?: string;
  with?: Record<string, unknown>;
  run?: string;
  env?: Record<string, string>;
}

interface Job {
  if?: string;
  env?: Record<string, string>;
  permissions?: Record<string, string>;
  environment?: string;
  "timeout-minutes"?: number;
  steps: Step[];
  concurrency?: { group: string; "cancel-in-progress"?: boolean };
}

interface Workflow {
  permissions?: object;
  concurrency?: { group: string };
  jobs: Record<string, Job>;
}

const folder = join(root, ".github", "workflows");
const files = readdirSync(folder);
const texts = new Map(files.map((file) => [file, readFileSync(join(folder, file), "utf8")]));
const workflows = new Map([...texts].map(([file, text]) => [file, parse(text, { merge: true }) as Workflow]));
const jobs = [...workflows].flatMap(([file, { jobs }]) =>
  Object.entries(jobs).map(([name, job]) => ({ name: `${file} ${name}`, job })),
);
const steps = jobs.flatMap(({ name, job }) => job.steps.map((step) => ({ name, step })));

describe("workflows", function () {
  this.timeout(600_000);
  let actionlint: string;
  before(async () => {
    actionlint = join((await ensureTestTools(consoleProgress())).bin, "actionlint");
  });

  // Shellcheck and pyflakes are on some machines only, and the steps have next to no script.
  const lint = (text: string) =>
    execa(actionlint, ["-no-color", "-oneline", "-shellcheck=", "-pyflakes=", "-"], { input: text, reject: false });

  for (const [file, text] of texts) {
    it(`${file} has nothing that actionlint minds`, async () => {
      const { stdout, exitCode } = await lint(text);
      assert.deepEqual([stdout, exitCode], ["", 0]);
    });
  }

  it("would not pass with a wrong key, expression or event", async () => {
    const text = texts
      .get("drift.yml")!
      .replace("timeout-minutes", "timeout-minuts")
      .replace("needs.look.result", "needs.lok.result")
      .replace("schedule:", "schedul:");
    const { stdout, exitCode } = await lint(text);
    assert.equal(exitCode, 1);
    for (const fault of [
      /unknown Webhook event "schedul"/,
      /unexpected key "timeout-minuts"/,
      /property "lok" is not defined/,
    ])
      assert.match(stdout, fault);
  });

  it("are those that the docs name", () =>
    assert.deepEqual(files.sort(), ["deploy.yml", "drift.yml", "drill.yml", "nightly.yml", "pull-request.yml"]));

  it("use actions by their commit, with the version beside, and only GitHub's own", () => {
    const used = [...texts.values()].flatMap((text) => text.split("\n").filter((line) => line.includes("uses:")));
    assert(used.length > 10);
    for (const line of used)
      assert.match(
        line,
        /uses: actions\/(checkout|setup-node|upload-artifact|download-artifact)@[0-9a-f]{40} # v\d+\.\d+\.\d+$/,
      );
    assert.equal(new Set(used.map((line) => /actions.*/.exec(line)![0])).size, 4);
  });

  it("grant nothing by default, and to each job what it needs", () => {
    for (const { permissions } of workflows.values()) assert.deepEqual(permissions, {});
    const writing = jobs.flatMap(({ name, job }) =>
      Object.entries(job.permissions!)
        .filter(([, level]) => level !== "read")
        .map(([what, level]) => `${name}: ${what} ${level}`),
    );
    assert.deepEqual(writing.sort(), [
      "drift.yml issue: issues write",
      "drill.yml issue: issues write",
      "pull-request.yml comment: pull-requests write",
    ]);
  });

  it("give no job that may write to GitHub an environment's secrets, and no job with secrets a token", () => {
    for (const { name, job } of jobs) {
      const text = JSON.stringify(job.steps);
      const writes = Object.values(job.permissions!).includes("write");
      assert.equal(text.includes("secrets."), job.environment !== undefined, name);
      assert.equal(text.includes("github.token"), writes, name);
      assert(!(writes && job.environment), name);
    }
  });

  it("restore no cache where there is a secret or a right to write: an earlier run can have filled it", () => {
    const guarded = jobs.filter(({ job }) => job.environment ?? Object.values(job.permissions!).includes("write"));
    assert.equal(guarded.length, 9);
    for (const { name, job } of guarded) {
      const node = job.steps.find(({ uses }) => uses?.startsWith("actions/setup-node@"));
      assert.deepEqual(node?.with, { "node-version": 22, "package-manager-cache": false }, name);
      assert(!job.steps.some(({ uses }) => uses?.startsWith("actions/cache")), name);
    }
  });

  it("run with a stack's secrets from main alone, but for previews, which somebody approves", () => {
    for (const { name, job } of jobs.filter(({ job }) => job.environment)) {
      if (name.startsWith("pull-request.yml")) assert.equal(job.environment, "preview-${{ matrix.stack }}", name);
      else {
        assert.match(job.if ?? "", /github\.ref == 'refs\/heads\/main'/, name);
        assert.match(job.environment!, /^((read|drill)-.*|dev|prod)$/, name);
      }
    }
  });

  it("judge a pull request by the branch that it goes to", () => {
    const { preview, comment } = workflows.get("pull-request.yml")!.jobs;
    const checkout = (job: Job | undefined) => job!.steps.find(({ uses }) => uses?.startsWith("actions/checkout@"))!;
    assert.equal(checkout(preview).with!["fetch-depth"], 2);
    assert.equal(checkout(comment).with!.ref, "${{ github.event.pull_request.base.sha }}");
  });

  it("accept a loss of data for one stack, and never that of the other job", () => {
    const { dev, promotable, prod } = workflows.get("deploy.yml")!.jobs;
    const of = (stack: string) =>
      `\${{ startsWith(inputs.accept-data-loss, '${stack}@') && inputs.accept-data-loss || '' }}`;
    assert.deepEqual(
      [dev, promotable, prod].map((job) => job!.env),
      ["dev", "prod", "prod"].map((stack) => ({ ACCEPT_DATA_LOSS: of(stack) })),
    );
  });

  it("leave no token behind in the checkout, and end by themselves", () => {
    for (const text of texts.values())
      assert.equal(text.match(/persist-credentials: false/g)?.length, text.match(/actions\/checkout@/g)?.length);
    for (const { name, job } of jobs) assert(Number(job["timeout-minutes"]) > 0, name);
  });

  it("run npm scripts that there are, and nothing else", () => {
    const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    const runs = steps.flatMap(({ name, step }) => (step.run ? [{ name, run: step.run }] : []));
    assert(runs.length >= 8);
    for (const { name, run } of runs) {
      const script = /npm run (?:--silent )?([\w:]+)/.exec(run)?.[1];
      assert(script && script in scripts, `${name}: ${run}`);
    }
  });

  it("put nothing that another wrote into a shell", () => {
    for (const { name, step } of steps)
      assert.doesNotMatch(step.run ?? "", /\$\{\{\s*(github\.(event|head_ref)|steps\.|needs\.)/, name);
  });

  it("never let two updates of a stack run at once, nor end one half-way", () => {
    const { dev, prod } = workflows.get("deploy.yml")!.jobs;
    assert.deepEqual(
      [dev, prod].map((job) => job!.concurrency),
      ["dev", "prod"].map((stack) => ({ group: `deploy-${stack}`, "cancel-in-progress": false })),
    );
    assert.deepEqual([dev!.environment, prod!.environment], ["dev", "prod"]);
  });

  it("deploy stacks that are committed", () => {
    for (const [, stack] of texts.get("deploy.yml")!.matchAll(/--stack (\w+)/g))
      assert(committedStacks().has(stack!), stack);
  });
});
