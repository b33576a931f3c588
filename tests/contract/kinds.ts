import { Deployment, StatefulSet } from "@pulumi/kubernetes/apps/v1";
import { CronJob, Job } from "@pulumi/kubernetes/batch/v1";
import {
  ConfigMap,
  Namespace,
  PersistentVolumeClaim,
  Secret,
  Service,
  ServiceAccount,
} from "@pulumi/kubernetes/core/v1";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import { ClusterRole, ClusterRoleBinding, Role, RoleBinding } from "@pulumi/kubernetes/rbac/v1";
import { StorageClass, StorageClassPatch } from "@pulumi/kubernetes/storage/v1";
import type { CustomResourceOptions } from "@pulumi/pulumi";

/** How a kind is declared, and two changes to it: one that is made in place and one that replaces. */
export interface KindCase {
  kind: string;
  declare(place: Place, options: CustomResourceOptions, variant: Variant): void;
  /** What is changed, for the tests' titles. */
  update: string;
  replace: string;
}
export type Variant = "base" | "update" | "replace";
export interface Place {
  namespace: string;
  /** Prefix of the names of what has no namespace. */
  prefix: string;
  shellImage: string;
  /** A class that no test changes, for the Patch resource. */
  existingClass: string;
}

const labels = (variant: Variant): Record<string, string> => ({
  "contract.test/variant": variant === "update" ? "2" : "1",
});
const either = <T>(variant: Variant, wanted: Variant, changed: T, base: T): T => (variant === wanted ? changed : base);

function pod(shellImage: string, command: string[], variant: Variant, app = "contract") {
  return {
    metadata: { labels: { app, ...labels(variant) } },
    spec: { containers: [{ name: "main", image: shellImage, command }], terminationGracePeriodSeconds: 0 },
  };
}

export const kinds: KindCase[] = [
  {
    kind: "Namespace",
    update: "labels",
    replace: "name",
    declare: ({ prefix }, options, variant) =>
      void new Namespace(
        "Namespace",
        {
          metadata: { name: `${prefix}-${either(variant, "replace", "b", "a")}`, labels: labels(variant) },
        },
        options,
      ),
  },
  {
    kind: "ServiceAccount",
    update: "automountServiceAccountToken",
    replace: "name",
    declare: ({ namespace }, options, variant) =>
      void new ServiceAccount(
        "ServiceAccount",
        {
          metadata: { name: either(variant, "replace", "other", "account"), namespace },
          automountServiceAccountToken: either(variant, "update", false, true),
        },
        options,
      ),
  },
  {
    kind: "Role",
    update: "rules",
    replace: "name",
    declare: ({ namespace }, options, variant) =>
      void new Role(
        "Role",
        {
          metadata: { name: either(variant, "replace", "other", "role"), namespace },
          rules: [{ apiGroups: [""], resources: ["pods"], verbs: either(variant, "update", ["get", "list"], ["get"]) }],
        },
        options,
      ),
  },
  {
    kind: "RoleBinding",
    update: "subjects",
    replace: "roleRef",
    declare: ({ namespace }, options, variant) =>
      void new RoleBinding(
        "RoleBinding",
        {
          metadata: { name: "binding", namespace },
          roleRef: {
            apiGroup: "rbac.authorization.k8s.io",
            kind: "Role",
            name: either(variant, "replace", "other", "role"),
          },
          subjects: [{ kind: "ServiceAccount", name: either(variant, "update", "two", "one"), namespace }],
        },
        options,
      ),
  },
  {
    kind: "ClusterRole",
    update: "rules",
    replace: "name",
    declare: ({ prefix }, options, variant) =>
      void new ClusterRole(
        "ClusterRole",
        {
          metadata: { name: `${prefix}-${either(variant, "replace", "b", "a")}` },
          rules: [
            { apiGroups: [""], resources: ["nodes"], verbs: either(variant, "update", ["get", "list"], ["get"]) },
          ],
        },
        options,
      ),
  },
  {
    kind: "ClusterRoleBinding",
    update: "subjects",
    replace: "roleRef",
    declare: ({ prefix, namespace }, options, variant) =>
      void new ClusterRoleBinding(
        "ClusterRoleBinding",
        {
          metadata: { name: prefix },
          roleRef: {
            apiGroup: "rbac.authorization.k8s.io",
            kind: "ClusterRole",
            name: either(variant, "replace", "none", "view"),
          },
          subjects: [{ kind: "ServiceAccount", name: either(variant, "update", "two", "one"), namespace }],
        },
        options,
      ),
  },
  {
    kind: "ConfigMap",
    update: "labels",
    replace: "data",
    declare: ({ namespace }, options, variant) =>
      void new ConfigMap(
        "ConfigMap",
        {
          metadata: { name: "settings", namespace, labels: labels(variant) },
          data: { key: either(variant, "replace", "2", "1") },
        },
        options,
      ),
  },
  {
    kind: "Secret",
    update: "labels",
    replace: "stringData",
    declare: ({ namespace }, options, variant) =>
      void new Secret(
        "Secret",
        {
          metadata: { name: "credentials", namespace, labels: labels(variant) },
          stringData: { key: either(variant, "replace", "2", "1") },
        },
        options,
      ),
  },
  {
    kind: "StorageClass",
    update: "annotations",
    replace: "parameters",
    declare: ({ prefix }, options, variant) =>
      void new StorageClass(
        "StorageClass",
        {
          metadata: {
            name: prefix,
            annotations: { "storageclass.kubernetes.io/is-default-class": "false", ...labels(variant) },
          },
          provisioner: "contract.test/none",
          parameters: { key: either(variant, "replace", "2", "1") },
        },
        options,
      ),
  },
  {
    kind: "StorageClassPatch",
    update: "annotations",
    replace: "name",
    declare: ({ existingClass }, options, variant) =>
      void new StorageClassPatch(
        "StorageClassPatch",
        {
          metadata: { name: existingClass + either(variant, "replace", "-2", ""), annotations: labels(variant) },
        },
        options,
      ),
  },
  {
    kind: "PersistentVolumeClaim",
    update: "labels",
    replace: "storageClassName",
    declare: ({ namespace, existingClass }, options, variant) =>
      void new PersistentVolumeClaim(
        "PersistentVolumeClaim",
        {
          metadata: { name: "data", namespace, labels: labels(variant) },
          spec: {
            accessModes: ["ReadWriteOnce"],
            storageClassName: existingClass + either(variant, "replace", "-2", ""),
            resources: { requests: { storage: "1Gi" } },
          },
        },
        options,
      ),
  },
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

function never(template: ReturnType<typeof pod>) {
  return { ...template, spec: { ...template.spec, restartPolicy: "Never" } };
}
