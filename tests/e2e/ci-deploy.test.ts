import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Verified } from "../../ops/verify/record";
import { inOrder, withoutFigures, withoutWidths } from "./figures";
import { terminationGracePeriod, impactOf, summaryOf } from "./ci-deploy-texts";
import { changed, commit, opsIn, run, useTwoStacks } from "./two-stacks";

const services = "cluster-storage:services";

describe("what a merge to main runs, on the real CLI and cluster", () => {
  // Other files begin with stacks that were never verified; before the stacks may be gone altogether.
  after(async () => {
    for (const name of ["one", "two"]) await run(stacks(), "pulumi", "stack", "tag", "rm", "verified", "--stack", name);
  });
  const stacks = useTwoStacks();
  let scratch: string;
  before(async () => {
    scratch = await mkdtemp(join(tmpdir(), "ci-deploy-"));
  });
  after(() => rm(scratch, { recursive: true }));

  /**
   * Runs a step as a job does, with nothing but the secrets that it is given; what it shows with the run, without what
   * differs from run to run.
   */
  async function step(...args: string[]) {
    const summary = join(scratch, "summary.md");
    await writeFile(summary, "");
    const kubeconfig = await readFile(stacks().env.KUBECONFIG!, "utf8");
    const ended = await opsIn(stacks(), args, {
      GITHUB_ACTIONS: "true",
      CI_KUBECONFIG: kubeconfig,
      KUBECONFIG: undefined,
      GITHUB_STEP_SUMMARY: summary,
    });
    return { ...ended, summary: inOrder(withoutWidths(withoutFigures(await readFile(summary, "utf8")))) };
  }

  const head = () => run(stacks(), "git", "rev-parse", "HEAD");
  const record = async (name: string) =>
    JSON.parse(await run(stacks(), "pulumi", "stack", "tag", "get", "verified", "--stack", name)) as Verified;
  const beside = `<details><summary>one beside two</summary>

\`\`\`text
different on purpose (promotion.yaml):
                                 ONE  TWO
  cluster  {context: …  {context: …  each stack is on a cluster of its own
  services.redis.namespace  one-cache  two-cache  who else lives in the cluster differs
  services.searxng.namespace  one-search  two-search  who else lives in the cluster differs
  services.searxng.graceSeconds  31  –  as large as the stack's data and its machines`;

  it(
    "deploys and verifies dev, says what prod's approver goes by, and deploys and verifies prod, where nothing " +
      "is to be done",
    async () => {
      const file = join(stacks().directory, "Pulumi.one.yaml");
      await writeFile(file, changed(await readFile(file, "utf8"), { [services]: { searxng: { graceSeconds: 31 } } }));
      await commit(stacks(), "SearXNG has other time to end");

      const began = new Date();
      const dev = await step("ci:deploy", "--stack", "one");
      assert.equal(dev.exitCode, 0, dev.printed);
      assert.equal(
        dev.summary,
        summaryOf("one", {
          workloads: "one-search/searxng Deployment restarts (terminationGracePeriodSeconds)",
          unchanged: 16,
          update: terminationGracePeriod,
        }),
      );
      const { at, ...verified } = await record("one");
      assert.deepEqual(verified, { commit: await head(), ok: true, failed: [] });
      assert.ok(new Date(at) > began, at);

      const promotable = await step("ci:promote", "--from", "one", "--to", "two");
      assert.equal(promotable.exitCode, 0, promotable.printed);
      assert.equal(
        promotable.summary,
        `${impactOf("two", undefined, 17)}\n\n${beside}\n\none is deployed and verified at COMMIT; no ` +
          `differences are to be carried over to two\n\`\`\`\n\n</details>\n`,
      );

      const prod = await step("ci:deploy", "--stack", "two");
      assert.equal(prod.exitCode, 0, prod.printed);
      assert.equal(prod.summary, summaryOf("two", { unchanged: 17, update: "Resources:\n    29 unchanged" }));
      assert.deepEqual({ ...(await record("two")), at: "" }, { commit: await head(), at: "", ok: true, failed: [] });
    },
  );

  it(
    "changes nothing a second time, fails where data didn't outlive its pod, and lets nothing on to prod " +
      "after that",
    async () => {
      // Redis takes no write and keeps the connection: until its pod is replaced, which is what is verified.
      await run(
        stacks(),
        "kubectl",
        "--namespace",
        "one-cache",
        "exec",
        "deploy/redis",
        "--",
        "redis-cli",
        "config",
        "set",
        "min-replicas-to-write",
        "1",
      );
      const dev = await step("ci:deploy", "--stack", "one");
      assert.equal(dev.exitCode, 1, dev.printed);
      assert.ok(dev.printed.includes("\nnot proven that data outlives its pod: redis (1 of 2)\n"), dev.printed);
      const redis = "✗ redis N s  FAILED: wrote VALUE, and after the pod was replaced it answered: nothing";
      assert.equal(
        dev.summary,
        summaryOf("one", {
          unchanged: 17,
          update: "Resources:\n    29 unchanged",
          verified: "**Not every service's data outlived its pod**",
          redis,
        }),
      );
      const { at, ...verified } = await record("one");
      assert.deepEqual(verified, { commit: await head(), ok: false, failed: ["redis"] });

      const promotable = await step("ci:promote", "--from", "one", "--to", "two");
      assert.equal(promotable.exitCode, 1, promotable.printed);
      const why =
        `\none can't be promoted, so nothing was changed:\n  one's last verification ` +
        `failed, ${at.slice(0, 19).replace("T", " ")} (redis); repair what failed, then run npm run verify\n`;
      assert.ok(promotable.printed.startsWith(why), promotable.printed);
    },
  );
});
