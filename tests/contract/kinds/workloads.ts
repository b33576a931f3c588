import { Deployment, StatefulSet } from "@pulumi/kubernetes/apps/v1";
import { CronJob, Job } from "@pulumi/kubernetes/batch/v1";
import { Service } from "@pulumi/kubernetes/core/v1";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import { either, never, pod, type KindCase } from "./case";

/** What runs, and how it is reached. */
export const workloads: KindCase[] = [
  {
    kind: "Deployment",
    update: "template",
    replace: "selector",
    declare: ({ namespace, shellImage }, options, variant) => {
      const app = either(variant, "replace", "other", "contract");
      new Deployment(
        "Deployment",
        {
          metadata: { name: "deployment", namespace },
          spec: {
            replicas: 1,
            selector: { matchLabels: { app } },
            template: pod(shellImage, ["sleep", "3600"], variant, app),
          },
        },
        options,
      );
    },
  },
  {
    kind: "StatefulSet",
    update: "template",
    replace: "serviceName",
    declare: ({ namespace, shellImage }, options, variant) =>
      void new StatefulSet(
        "StatefulSet",
        {
          metadata: { name: "set", namespace },
          spec: {
            replicas: 1,
            serviceName: either(variant, "replace", "other", "set"),
            selector: { matchLabels: { app: "set" } },
            template: pod(shellImage, ["sleep", "3600"], variant, "set"),
          },
        },
        options,
      ),
  },
  {
    kind: "Service",
    update: "publishNotReadyAddresses",
    replace: "clusterIP",
    declare: ({ namespace }, options, variant) =>
      void new Service(
        "Service",
        {
          metadata: { name: "service", namespace },
          spec: {
            selector: either<Record<string, string> | undefined>(variant, "replace", undefined, { app: "contract" }),
            clusterIP: either<string | undefined>(variant, "replace", undefined, "None"),
            ports: [{ port: 80 }],
            publishNotReadyAddresses: either(variant, "update", true, false),
          },
        },
        options,
      ),
  },
  {
    kind: "NetworkPolicy",
    update: "ingress",
    replace: "name",
    declare: ({ namespace }, options, variant) =>
      void new NetworkPolicy(
        "NetworkPolicy",
        {
          metadata: { name: either(variant, "replace", "other", "policy"), namespace },
          spec: {
            podSelector: { matchLabels: { app: "contract" } },
            policyTypes: ["Ingress"],
            ingress: either<object[]>(variant, "update", [{ ports: [{ port: 80 }] }], []),
          },
        },
        options,
      ),
  },
  {
    kind: "CronJob",
    update: "schedule",
    replace: "name",
    declare: ({ namespace, shellImage }, options, variant) =>
      void new CronJob(
        "CronJob",
        {
          metadata: { name: either(variant, "replace", "other", "clean"), namespace },
          spec: {
            schedule: either(variant, "update", "0 4 * * *", "0 3 * * *"),
            jobTemplate: { spec: { template: never(pod(shellImage, ["true"], "base")) } },
          },
        },
        options,
      ),
  },
  {
    kind: "Job",
    update: "ttlSecondsAfterFinished",
    replace: "template",
    declare: ({ namespace, shellImage }, options, variant) =>
      void new Job(
        "Job",
        {
          metadata: { name: "copy", namespace },
          spec: {
            ttlSecondsAfterFinished: either(variant, "update", 7200, 3600),
            template: never(pod(shellImage, either(variant, "replace", ["true", "again"], ["true"]), "base")),
          },
        },
        options,
      ),
  },
];
