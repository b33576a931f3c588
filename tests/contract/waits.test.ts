import assert from "node:assert/strict";
import { Deployment, StatefulSet } from "@pulumi/kubernetes/apps/v1";
import { Job } from "@pulumi/kubernetes/batch/v1";
import { PersistentVolumeClaim, Service } from "@pulumi/kubernetes/core/v1";
import { find, useNamespace } from "./cluster";
import { failureOf, useStack, type Program } from "./stack";

const shortWait = { customTimeouts: { create: "8s", update: "8s" } };

function workload(app: string, image: string, command?: string[], readiness?: string[]) {
  return {
    replicas: 1,
    selector: { matchLabels: { app } },
    template: {
      metadata: { labels: { app } },
      spec: {
        terminationGracePeriodSeconds: 0,
        containers: [
          {
            name: "main",
            image,
            command,
            readinessProbe: readiness && { exec: { command: readiness }, periodSeconds: 1 },
          },
        ],
      },
    },
  };
}

describe("waits", () => {
  const namespace = useNamespace();
  const job =
    (command: string[]): Program =>
    (options, { shellImage }) => {
      new Job(
        "job",
        {
          metadata: { name: "job", namespace: namespace() },
          spec: {
            backoffLimit: 0,
            template: { spec: { restartPolicy: "Never", containers: [{ name: "main", image: shellImage, command }] } },
          },
        },
        options,
      );
    };

  describe("a Job", () => {
    const stack = useStack();

    it("is waited for until it is complete", async () => {
      await stack().up(job(["sh", "-c", "sleep 2"]));
      assert.equal((await find("batch/v1/Job", "job", namespace()))?.status?.succeeded, 1);
    });

    it("that fails fails the update at once, and says why", async () => {
      const started = Date.now();
      assert.match(await failureOf(stack().up(job(["sh", "-c", "exit 3"]))), /BackoffLimitExceeded/);
      assert.ok(Date.now() - started < 60_000, "the update waited on");
    });

    it("is replaced by the next update", async () => {
      const { steps } = await stack().up(job(["true"]));
      assert.equal(steps.job, "replace");
    });
  });

  describe("a Deployment", () => {
    const stack = useStack();
    const declare =
      (command: string[], readiness?: string[]): Program =>
      (options, { shellImage }) => {
        new Deployment(
          "app",
          { metadata: { name: "app", namespace: namespace() }, spec: workload("app", shellImage, command, readiness) },
          { ...options, ...shortWait },
        );
      };

    it("that never gets ready fails after its time-out, and stays in the state", async () => {
      assert.match(await failureOf(stack().up(declare(["sleep", "3600"], ["false"]))), /timed out/);
      assert.equal((await stack().preview(declare(["sleep", "3600"]))).app, "update");
    });

    it("is ready when it is repaired", async () => {
      assert.equal((await stack().up(declare(["sleep", "3600"]))).steps.app, "update");
      assert.equal((await find("apps/v1/Deployment", "app", namespace()))?.status?.availableReplicas, 1);
    });

    it("whose new pods don't get ready is not ready while the old ones run", async () => {
      const text = await failureOf(stack().up(declare(["sleep", "3601"], ["false"])));
      assert.match(text, /timed out/);
    });
  });

  describe("a StatefulSet", () => {
    const stack = useStack();
    const declare =
      (readiness: string[], env = "1"): Program =>
      (options, { shellImage }) => {
        const { template, ...spec } = workload("set", shellImage, ["sleep", "3600"], readiness);
        template.metadata.labels = { app: "set", ...(env !== "1" && { env }) } as { app: string };
        new StatefulSet(
          "set",
          { metadata: { name: "set", namespace: namespace() }, spec: { ...spec, template, serviceName: "set" } },
          { ...options, ...shortWait },
        );
      };

    it("is ready when its pods are", async () => {
      await stack().up(declare(["true"]));
      assert.equal((await find("apps/v1/StatefulSet", "set", namespace()))?.status?.readyReplicas, 1);
    });

    it("is waited for until its pods are at the new revision", async () => {
      await stack().up(declare(["true"], "2"));
      const status = (await find("apps/v1/StatefulSet", "set", namespace()))?.status;
      assert.equal(status?.currentRevision, status?.updateRevision);
    });

    it("whose new pods don't get ready fails after its time-out", async () => {
      assert.match(await failureOf(stack().up(declare(["false"], "2"))), /timed out/);
    });
  });

  describe("a Service", () => {
    const stack = useStack();

    it("is ready without pods when it is headless, and after them when it is not", async () => {
      await stack().up((options, { image }) => {
        const spec = { selector: { app: "web" }, ports: [{ port: 80 }] };
        new Service(
          "headless",
          { metadata: { name: "headless", namespace: namespace() }, spec: { ...spec, clusterIP: "None" } },
          options,
        );
        const app = new Deployment(
          "web",
          { metadata: { name: "web", namespace: namespace() }, spec: workload("web", image) },
          options,
        );
        new Service(
          "web-service",
          { metadata: { name: "web", namespace: namespace() }, spec },
          { ...options, dependsOn: app },
        );
      });
      const endpoints = await find("v1/Service", "web", namespace());
      assert.ok(endpoints?.spec?.clusterIP);
    });
  });

  describe("skipAwait", () => {
    const stack = useStack();

    it("does not wait", async () => {
      const annotations = { "pulumi.com/skipAwait": "true" };
      const { steps } = await stack().up((options, { shellImage }) => {
        new Deployment(
          "never",
          {
            metadata: { name: "never", namespace: namespace(), annotations },
            spec: workload("never", shellImage, ["sleep", "3600"], ["false"]),
          },
          options,
        );
        new PersistentVolumeClaim(
          "unbound",
          {
            metadata: { name: "unbound", namespace: namespace(), annotations },
            spec: { storageClassName: "", accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
          },
          options,
        );
      });
      assert.equal(steps.never, "create");
      assert.equal((await find("v1/PersistentVolumeClaim", "unbound", namespace()))?.status?.phase, "Pending");
    });
  });
});
