import assert from "node:assert/strict";
import { Job } from "@pulumi/kubernetes/batch/v1";
import { Pod } from "@pulumi/kubernetes/core/v1";
import type { types } from "@pulumi/kubernetes";
import { find, list, make, unmake, until, useNamespace } from "./cluster";
import { failureOf, useStack, type Program } from "./stack";

type JobSpec = Omit<types.input.batch.v1.JobSpec, "template">;

/** Longer than any of these Jobs takes to fail. */
const long = 60;

const failJob = (...values: number[]) => ({
  rules: [{ action: "FailJob", onExitCodes: { operator: "In", values } }],
});

describe("a Job that fails", () => {
  const namespace = useNamespace();
  const metadata = () => ({ name: "job", namespace: namespace() });
  const declare =
    (script: string, spec: JobSpec, create = long): Program =>
    (options, { shellImage }) => {
      const containers = [
        {
          name: "main",
          image: shellImage,
          command: ["sh", "-c", script],
          volumeMounts: [{ name: "flag", mountPath: "/flag" }],
        },
      ];
      const volumes = [{ name: "flag", configMap: { name: "flag", optional: true } }];
      const pod = { restartPolicy: "Never", terminationGracePeriodSeconds: 0, containers, volumes };
      new Job(
        "job",
        { metadata: metadata(), spec: { ...spec, template: { spec: pod } } },
        { ...options, customTimeouts: { create: `${create}s` } },
      );
    };
  const conditionOfJob = async () => {
    const conditions = (await find("batch/v1/Job", "job", namespace()))?.status?.conditions;
    return (conditions as { type: string; reason: string }[] | undefined)?.find(({ type }) => type === "Failed")
      ?.reason;
  };
  const timed = async (program: Program, stack: ReturnType<typeof useStack>) => {
    const started = Date.now();
    const text = await failureOf(stack().up(program));
    return { text, seconds: (Date.now() - started) / 1000 };
  };

  describe("by its backoffLimit", () => {
    const stack = useStack();
    it("ends the wait at once, with its pod's last words", async () => {
      const { text, seconds } = await timed(
        declare("echo the reason >/dev/termination-log; exit 3", { backoffLimit: 0 }),
        stack,
      );
      assert.match(text, /\[BackoffLimitExceeded\]/);
      assert.match(text, /the reason/);
      assert.ok(seconds < long, `${seconds} s`);
    });
  });

  describe("by its activeDeadlineSeconds", () => {
    const stack = useStack();
    it("ends the wait at once", async () => {
      const { text, seconds } = await timed(declare("sleep 3600", { activeDeadlineSeconds: 2 }), stack);
      assert.match(text, /\[DeadlineExceeded\]/);
      assert.ok(seconds < long, `${seconds} s`);
    });
  });

  describe("by its podFailurePolicy", () => {
    const stack = useStack();
    it("is waited for until the time-out: the plugin doesn't know this reason", async () => {
      const { text, seconds } = await timed(declare("exit 3", { podFailurePolicy: failJob(3) }, 10), stack);
      assert.equal(await conditionOfJob(), "PodFailurePolicy");
      assert.match(text, /timed out/);
      assert.ok(seconds > 10, `${seconds} s`);
    });
  });

  describe("by a pod that its podFailurePolicy ignores, with a backoffLimit of 0", () => {
    const stack = useStack();
    after(() => unmake("v1/ConfigMap", "flag", namespace()));

    it("hasn't failed: its pod is made anew, and the update goes on", async () => {
      const rules = [{ action: "Ignore", onExitCodes: { operator: "In", values: [143] } }];
      const script = "test -e /flag/up || exit 143";
      const ended = stack().up(declare(script, { backoffLimit: 0, podFailurePolicy: { rules } }));
      await until("a pod has failed", async () => {
        const pods = await list("v1/Pod", namespace(), "batch.kubernetes.io/job-name=job");
        return pods.some(({ status }) => status?.phase === "Failed");
      });
      await make("v1/ConfigMap", { metadata: { name: "flag", namespace: namespace() }, data: { up: "1" } });
      assert.equal((await ended).steps.job, "create");
    });
  });

  describe("by somebody who deletes it", () => {
    const stack = useStack();
    it("is waited for until the time-out", async () => {
      const ended = timed(declare("sleep 3600", {}, 15), stack);
      await until("the Job is there", () => find("batch/v1/Job", "job", namespace()));
      await unmake("batch/v1/Job", "job", namespace());
      const { text, seconds } = await ended;
      assert.match(text, /timed out/);
      assert.ok(seconds > 15, `${seconds} s`);
    });
  });
});

describe("a Pod that fails", () => {
  const namespace = useNamespace();
  const stack = useStack();

  it("is waited for until the time-out", async () => {
    const program: Program = (options, { shellImage }) => {
      const never = { exec: { command: ["false"] } };
      const containers = [{ name: "main", image: shellImage, command: ["sh", "-c", "exit 3"], readinessProbe: never }];
      new Pod(
        "pod",
        { metadata: { name: "pod", namespace: namespace() }, spec: { restartPolicy: "Never", containers } },
        { ...options, customTimeouts: { create: "5s" } },
      );
    };
    assert.match(await failureOf(stack().up(program)), /timed out/);
    assert.equal((await find("v1/Pod", "pod", namespace()))?.status?.phase, "Failed");
  });
});
