import { Deployment, StatefulSet } from "@pulumi/kubernetes/apps/v1";
import { CronJob, Job } from "@pulumi/kubernetes/batch/v1";
import { ConfigMap, Namespace, PersistentVolumeClaim, Secret, Service, ServiceAccount } from "@pulumi/kubernetes/core/v1";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import { Provider } from "@pulumi/kubernetes/provider";
import { ClusterRole, ClusterRoleBinding, Role, RoleBinding } from "@pulumi/kubernetes/rbac/v1";
import { StorageClass } from "@pulumi/kubernetes/storage/v1";
import type * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword";
import { readFileSync } from "node:fs";
import type { Manifest } from "../../../tests/manifests/checkers";
import { passwordIn } from "../password";

type Class = new (name: string, args: Manifest, opts: pulumi.CustomResourceOptions) => pulumi.Resource;

const classes = {
  ClusterRole, ClusterRoleBinding, ConfigMap, CronJob, Deployment, Job, Namespace, NetworkPolicy, PersistentVolumeClaim,
  Role, RoleBinding, Secret, Service, ServiceAccount, StatefulSet, StorageClass,
} as unknown as Record<string, Class>;

/*
 * The same objects with the same inputs, and what they can't be deployed without: a provider, the passwords, and the
 * namespaces first. No components, no config, no plan.
 */
const objects = JSON.parse(readFileSync(process.env.BENCH_OBJECTS!, "utf8")) as Manifest[];
const provider = new Provider("cluster", { context: process.env.BENCH_CONTEXT, clusterIdentifier: "bench", enableConfigMapMutable: true, enableSecretMutable: true });
const namespaces = new Map<string, pulumi.Resource>();
const passwords = new Map<string, pulumi.Output<string>>();

for (const object of objects) {
  const { kind, metadata } = object;
  const name = [kind, metadata.namespace, metadata.name].filter(Boolean).join("-");
  const after = namespaces.get(metadata.namespace ?? "");
  const created = new classes[kind]!(name, withPasswords(object), { provider, dependsOn: after ? [after] : [] });
  if (kind === "Namespace") namespaces.set(metadata.name, created);
}

/** Where the components generate a password, so does this. */
function withPasswords(object: Manifest): Manifest {
  if (object.kind !== "Secret") return object;
  const values = Object.entries(object.stringData as Record<string, string>).map(([key, value]) => {
    const found = passwordIn(value);
    return [key, found ? passwordOf(found.name, found.length) : value];
  });
  return { ...object, stringData: Object.fromEntries(values) };
}

function passwordOf(name: string, length: number): pulumi.Output<string> {
  const known = passwords.get(name) ?? new RandomPassword(name, { length, special: false }).result;
  passwords.set(name, known);
  return known;
}
