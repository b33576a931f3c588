import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { accepts, labelFor } from "../../../ops/ci/acceptance";
import type { PullRequest } from "../../../ops/ci/github-run";
import { Bench, commit } from "./command";

const pull: PullRequest = { number: 7, labels: [], commit: "0123456789abcdef0123", fork: false };
const label = "accept-data-loss:dev@0123456789abcdef";

describe("a label that accepts a loss of data", () => {
  const withLabel = (...labels: string[]) => accepts({ ...pull, labels }, "dev");

  it("counts for its stack and its commit", () => {
    assert.equal(withLabel("docs", label), true);
    assert.equal(withLabel(`accept-data-loss:dev@${pull.commit}`), true);
    assert.equal(accepts({ ...pull, labels: [label] }, "prod"), false);
    assert.equal(accepts({ ...pull, labels: [label], commit: "fedcba9876543210fedc" }, "dev"), false);
    assert.equal(accepts(undefined, "dev"), false);
  });

  it("doesn't without a commit, or with so few digits that another commit could have them", () => {
    for (const name of [
      "accept-data-loss",
      "accept-data-loss:dev",
      "accept-data-loss:dev@",
      "accept-data-loss:dev@0123456",
    ])
      assert.equal(withLabel(name), false, name);
  });

  it("is as long as GitHub lets it be, for a stack of 16 letters", () =>
    assert.equal(labelFor("s".repeat(16), pull.commit).length, 50));
});

describe("ci:deploy and ci:promote", function () {
  this.timeout(120_000);
  let bench: Bench;
  beforeEach(async () => void (bench = await Bench.make()));
  afterEach(() => bench.remove());

  describe("refuses, before it asks the CLI for anything, an acceptance", () => {
    const refused = async (given: string, why: string, env: NodeJS.ProcessEnv = {}) => {
      const args = ["ci:deploy", "--stack", "dev", "--accept-data-loss", given];
      const { exitCode, stdout, stderr } = await bench.run(args, env);
      assert.deepEqual({ exitCode, stdout, stderr }, { exitCode: 1, stdout: "", stderr: why });
      assert(!existsSync(`${bench.directory}/calls`));
    };
    const other = (given: string) =>
      refused(
        given,
        `--accept-data-loss ${given} doesn't accept what is deployed here, so nothing was changed: ` +
          `that is dev@${commit}`,
      );

    it("of another stack", () => other(`prod@${commit}`));
    it("of another commit", () => other("dev@fedcba9876543210fedcba9876543210fedcba98"));
    it("of a stack alone", () => other("dev"));
    it("of nothing", () => refused("", "--accept-data-loss needs a value: --accept-data-loss STACK@COMMIT"));
    it("of the commit in capitals", () => other(`dev@${commit.toUpperCase()}`));
    it("that an earlier attempt of the run was given", () =>
      refused(
        `dev@${commit}`,
        `--accept-data-loss dev@${commit} was given to this run's first attempt, and what is lost now may be ` +
          "something else, so nothing was changed: look at a new run, and accept what that one shows: gh workflow " +
          "run deploy.yml",
        { GITHUB_RUN_ATTEMPT: "2" },
      ));
    it("of so few digits that another commit could have them", () => other(`dev@${commit.slice(0, 7)}`));

    it("of a commit, where the checkout has more than that", async () => {
      await bench.write("status", " M Pulumi.dev.yaml\0 M docs/ci.md\0?? ops/new.ts\0");
      await refused(
        `dev@${commit}`,
        `--accept-data-loss dev@${commit} accepts a commit, and the checkout has changes that are in none, so ` +
          "nothing was changed: commit Pulumi.dev.yaml, ops/new.ts first",
      );
    });
    it("of the stack that is promoted, where it is for the other one", async () => {
      const args = ["ci:promote", "--from", "dev", "--to", "prod", "--accept-data-loss", `prod@${commit}`];
      const dev = `dev@${commit}`;
      const { exitCode, stderr } = await bench.run([...args.slice(0, -1), dev]);
      assert.deepEqual(
        [exitCode, stderr],
        [
          1,
          `--accept-data-loss ${dev} doesn't accept what is deployed here, so nothing was changed: ` +
            `that is ${args.at(-1)}`,
        ],
      );
      assert(!existsSync(`${bench.directory}/calls`));
    });
  });
});
