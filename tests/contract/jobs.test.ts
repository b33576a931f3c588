import assert from "node:assert/strict";
import { Deployment } from "@pulumi/kubernetes/apps/v1";
import { Job } from "@pulumi/kubernetes/batch/v1";
import type { StateResource } from "../../ops/pulumi/state";
import { contractCluster } from "./environment";
import { find, make, unmake, until, useNamespace } from "./cluster";
import { failureOf, useStack, type Program, type TestStack } from "./stack";

const replaceUnready = { "pulumi.com/replaceUnready": "true" };

/** A Job that succeeds where the ConfigMap `flag` is there when its pod starts; without it, what `otherwise` does. */
function jobSpec(image: string, otherwise: string) {
  return {
    backoffLimit: 0,
    template: {
      spec: {
        restartPolicy: "Never",
        terminationGracePeriodSeconds: 0,
        volumes: [{ name: "flag", configMap: { name: "flag", optional: true } }],
        containers: [
          {
            name: "main",
            image,
            command: ["sh", "-c", `test -e /flag/up || ${otherwise}`],
            volumeMounts: [{ name: "flag", mountPath: "/flag" }],
          },
        ],
      },
    },
  };
}

async function recorded(stack: TestStack, name: string): Promise<StateResource & { initErrors?: string[] }> {
  const { checkpoint } = JSON.parse(await stack.stateText()) as {
    checkpoint: { latest: { resources: StateResource[] } };
  };
  const found = checkpoint.latest.resources.find(({ urn }) => urn.endsWith(`::${name}`));
  assert.ok(found, `${name} is not in the state`);
  return found;
}

describe("Jobs that are not complete", () => {
  const namespace = useNamespace();
  const raise = () => make("v1/ConfigMap", { metadata: { name: "flag", namespace: namespace() }, data: { up: "1" } });
  const lower = () => unmake("v1/ConfigMap", "flag", namespace());
  const job =
    (annotations: Record<string, string>, otherwise = "exit 3"): Program =>
    (options, { shellImage }) => {
      new Job(
        "job",
        { metadata: { name: "job", namespace: namespace(), annotations }, spec: jobSpec(shellImage, otherwise) },
        { ...options, customTimeouts: { create: "20s" } },
      );
    };
  const uidOfJob = async () => (await find("batch/v1/Job", "job", namespace()))?.metadata?.uid;

  describe("without replaceUnready", () => {
    const stack = useStack();

    it("are recorded with why they failed", async () => {
      assert.match(await failureOf(stack().up(job({}))), /BackoffLimitExceeded/);
      const { id, initErrors = [] } = await recorded(stack(), "job");
      assert.equal(id, `${namespace()}/job`);
      assert.match(initErrors.join("\n"), /BackoffLimitExceeded/);
    });

    it("are looked at again by the next update, not replaced", async () => {
      const before = await uidOfJob();
      assert.equal((await stack().preview(job({}))).job, "update");
      assert.match(await failureOf(stack().up(job({}))), /BackoffLimitExceeded/);
      assert.equal(await uidOfJob(), before);
    });
  });

  describe("with replaceUnready", () => {
    const stack = useStack();
    after(lower);

    it("are replaced by the next update once they failed, without any change of the program", async () => {
      await failureOf(stack().up(job(replaceUnready)));
      const before = await uidOfJob();
      await raise();
      assert.equal((await stack().preview(job(replaceUnready))).job, "replace");
      assert.equal(await uidOfJob(), before);
      assert.equal((await stack().up(job(replaceUnready))).steps.job, "replace");
      assert.notEqual(await uidOfJob(), before);
      assert.deepEqual((await recorded(stack(), "job")).initErrors ?? [], []);
    });

    it("are left once they are complete", async () => {
      assert.equal((await stack().preview(job(replaceUnready))).job, "same");
    });
  });

  describe("found by a refresh", () => {
    const stack = useStack();
    after(lower);

    it("are recorded as such, and replaced though they still run", async () => {
      const program = job(replaceUnready, "sleep 3600");
      await raise();
      await stack().up(program);
      await unmake("batch/v1/Job", "job", namespace());
      await until("the Job is still there", async () => (await find("batch/v1/Job", "job", namespace())) === undefined);
      await lower();
      const metadata = { name: "job", namespace: namespace(), annotations: replaceUnready };
      await make("batch/v1/Job", { metadata, spec: jobSpec(contractCluster().shellImage, "sleep 3600") });

      await stack().refresh(program);
      assert.notDeepEqual((await recorded(stack(), "job")).initErrors ?? [], []);
      await raise();
      assert.equal((await stack().up(program)).steps.job, "replace");
      assert.deepEqual((await recorded(stack(), "job")).initErrors ?? [], []);
    });
  });

  describe("replaceUnready of another kind", () => {
    const stack = useStack();

    it("is ignored", async () => {
      const program: Program = (options, { shellImage }) => {
        const containers = [
          {
            name: "main",
            image: shellImage,
            command: ["sleep", "3600"],
            readinessProbe: { exec: { command: ["false"] } },
          },
        ];
        new Deployment(
          "app",
          {
            metadata: { name: "app", namespace: namespace(), annotations: replaceUnready },
            spec: {
              selector: { matchLabels: { app: "app" } },
              template: {
                metadata: { labels: { app: "app" } },
                spec: { terminationGracePeriodSeconds: 0, containers },
              },
            },
          },
          { ...options, customTimeouts: { create: "3s" } },
        );
      };
      await failureOf(stack().up(program));
      assert.equal((await stack().preview(program)).app, "update");
    });
  });
});
