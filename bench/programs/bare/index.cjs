/*
 * The program that a person writes who needs only these objects. It is JavaScript, so that nothing has to be compiled,
 * and Pulumi starts it as any program. It declares the same objects with the same inputs, and what their deployment
 * needs: a provider, the passwords, and the namespaces first. It has no components, no config and no plan.
 */
const { Deployment, StatefulSet } = require("@pulumi/kubernetes/apps/v1");
const { CronJob, Job } = require("@pulumi/kubernetes/batch/v1");
const {
  ConfigMap,
  Namespace,
  PersistentVolumeClaim,
  Secret,
  Service,
  ServiceAccount,
} = require("@pulumi/kubernetes/core/v1");
const { NetworkPolicy } = require("@pulumi/kubernetes/networking/v1");
const { Provider } = require("@pulumi/kubernetes/provider");
const { ClusterRole, ClusterRoleBinding, Role, RoleBinding } = require("@pulumi/kubernetes/rbac/v1");
const { StorageClass } = require("@pulumi/kubernetes/storage/v1");
const { RandomPassword } = require("@pulumi/random/randomPassword");
const { readFileSync } = require("node:fs");

const classes = {
  ClusterRole,
  ClusterRoleBinding,
  ConfigMap,
  CronJob,
  Deployment,
  Job,
  Namespace,
  NetworkPolicy,
  PersistentVolumeClaim,
  Role,
  RoleBinding,
  Secret,
  Service,
  ServiceAccount,
  StatefulSet,
  StorageClass,
};

const objects = JSON.parse(readFileSync(process.env.BENCH_OBJECTS, "utf8"));
const provider = new Provider("cluster", {
  context: process.env.BENCH_CONTEXT,
  clusterIdentifier: "bench",
  enableConfigMapMutable: true,
  enableSecretMutable: true,
});
const namespaces = new Map();
const passwords = new Map();

for (const object of objects) {
  const { kind, metadata } = object;
  const name = [kind, metadata.namespace, metadata.name].filter(Boolean).join("-");
  const after = namespaces.get(metadata.namespace ?? "");
  const created = new classes[kind](name, withPasswords(object), { provider, dependsOn: after ? [after] : [] });
  if (kind === "Namespace") namespaces.set(metadata.name, created);
}

/** Where the components generate a password, so does this. */
function withPasswords(object) {
  if (object.kind !== "Secret") return object;
  const values = Object.entries(object.stringData).map(([key, value]) => [
    key,
    value.password ? passwordOf(value.password) : value,
  ]);
  return { ...object, stringData: Object.fromEntries(values) };
}

function passwordOf({ name, length }) {
  const known = passwords.get(name) ?? new RandomPassword(name, { length, special: false }).result;
  passwords.set(name, known);
  return known;
}
