import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Overrides } from "../../ops/pulumi/overrides";
import { pulumiWith, stackError } from "./cli";
import { instance, useDeployedStack } from "./fixture";
import { fingerprint } from "./objects";
import { stateText } from "./state";

const cluster_ = "cluster-storage:cluster";
const services = "cluster-storage:services";
const backends = "cluster-storage:backends";
const noPassphrase = { PULUMI_CONFIG_PASSPHRASE: undefined, PULUMI_CONFIG_PASSPHRASE_FILE: undefined };

interface Case {
  title: string;
  change?: () => Overrides;
  env?: NodeJS.ProcessEnv;
  error: () => string;
}

describe("bad input to the real CLI", () => {
  const cluster = useDeployedStack();
  let scratch: string;
  const kubeconfig = () => cluster().target.stack.env.KUBECONFIG!;
  before(async () => {
    scratch = await mkdtemp(join(tmpdir(), "badinput-"));
    const text = await readFile(kubeconfig(), "utf8");
    await writeFile(join(scratch, "dead"), text.replace(/server: .*/, "server: https://127.0.0.1:1"));
  });
  after(() => rm(scratch, { recursive: true }));

  const context = `cluster-storage-${instance}`;
  const cases: Case[] = [
    {
      title: "no such context",
      change: () => ({ [cluster_]: { context: "nowhere" } }),
      error: () =>
        `cluster-storage:cluster.context: no context "nowhere" in ${kubeconfig()}; there ` +
        `is: ${context}\nNothing was changed.`,
    },
    {
      title: "no such kubeconfig",
      change: () => ({ [cluster_]: { kubeconfig: "/nowhere/kubeconfig" } }),
      error: () =>
        "cluster-storage:cluster.kubeconfig: the kubeconfig /nowhere/kubeconfig is not there; name another " +
        "one, or make it with the tool that made the cluster\nNothing was changed.",
    },
    {
      title: "cluster unreachable",
      change: () => ({ [cluster_]: { kubeconfig: join(scratch, "dead") } }),
      error: () =>
        `the cluster of context "${context}" at https://127.0.0.1:1 can't be reached (connect ECONNREFUSED ` +
        `127.0.0.1:1); start it, or name another context in cluster-storage:cluster.context\nNothing was changed.`,
    },
    {
      title: "several faults at once",
      change: () => ({
        [services]: { rediss: { size: "1Gi" }, postgres: { sise: "1Gi" }, qdrant: { size: "10" } },
        [backends]: { fast: { type: "local-pth" } },
      }),
      error: () =>
        [
          'the config of stack "dev" has 4 faults, so nothing was changed:',
          '  cluster-storage:backends.fast.type: unknown type of backend "local-pth"; did you mean "local-path"?',
          '  cluster-storage:services.postgres.sise: unknown key; did you mean "size"?',
          '  cluster-storage:services.qdrant.size: "10" has no unit; did you mean 10Gi?',
          '  cluster-storage:services.rediss: unknown service; did you mean "redis"?',
        ].join("\n"),
    },
    {
      title: "a service that others need is missing",
      change: () => ({ [services]: { postgres: undefined } }),
      error: () =>
        [
          'the config of stack "dev" has 2 faults, so nothing was changed:',
          "  cluster-storage:services.flowise: needs postgres, which this stack doesn't have; add " +
            "services.postgres, or set run: false here, which keeps its data",
          "  cluster-storage:services.n8n: needs postgres, which this stack doesn't have; add " +
            "services.postgres, or set run: false here, which keeps its data",
        ].join("\n"),
    },
    {
      title: "wrong passphrase",
      env: { ...noPassphrase, PULUMI_CONFIG_PASSPHRASE: "wrong" },
      error: () => "getting stack configuration: get stack secrets manager: incorrect passphrase",
    },
    {
      title: "no passphrase",
      env: noPassphrase,
      error: () =>
        "getting stack configuration: get stack secrets manager: passphrase must be set with " +
        "PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE environment variables",
    },
  ];

  for (const { title, change = () => ({}), env, error } of cases) {
    it(`says what is wrong and touches nothing: ${title}`, async () => {
      const [before, state] = [await fingerprint(cluster().kube), await stateText(cluster())];
      const { exitCode, printed } = await pulumiWith(cluster(), change(), ["preview"], env);
      assert.notEqual(exitCode, 0);
      assert.equal(stackError(printed), error());
      assert.doesNotMatch(printed, /^\s+at .*:\d+:\d+/m, "no stack trace");
      assert.deepEqual(await fingerprint(cluster().kube), before);
      assert.equal(await stateText(cluster()), state);
    });
  }

  it("touches nothing in an update without preview either", async () => {
    const before = await fingerprint(cluster().kube);
    const { exitCode, printed } = await pulumiWith(
      cluster(),
      { [services]: { redis: { size: "-1Gi" }, n8n: undefined } },
      ["up", "--yes", "--skip-preview"],
    );
    assert.notEqual(exitCode, 0);
    assert.equal(
      stackError(printed),
      'the config of stack "dev" has 1 fault, so nothing was changed:\n  cluster-storage:services.redis.size: ' +
        '"-1Gi" is negative; a size is for instance 10Gi',
    );
    assert.deepEqual(await fingerprint(cluster().kube), before);
  });
});
