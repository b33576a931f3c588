import type { KubernetesObject, V1Node } from "@kubernetes/client-node";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { stringify } from "yaml";
import { runningInstance } from "../../local-cluster/instance/instance";
import { enter } from "../../local-cluster/instance/namespaces";
import { errorCode, type Kube } from "../../kube/client";
import { instance } from "./fixture";
import { until } from "./state";

/** Ways to make a cluster unfit, each with what it leaves to be taken away. */

export const quotaNamespace = "preflight-quota";

const storageClass = (name: string, annotation: string) => ({
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  metadata: { name, annotations: { [annotation]: "true" } },
  provisioner: "example.com/none",
});

/** Is the cluster's default by the old annotation. */
export const oldDefault = storageClass("old-default", "storageclass.beta.kubernetes.io/is-default-class");

/** Answers to the name of backend `disk`; no node has the label that its pod wants, so it never runs. */
const foreignProvisioner = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "somebody-elses", namespace: "default" },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: "somebody-elses" } },
    template: {
      metadata: { labels: { app: "somebody-elses" } },
      spec: {
        nodeSelector: { nowhere: "true" },
        containers: [
          {
            name: "provisioner",
            image: "rancher/local-path-provisioner:v0.0.36",
            args: ["start", "--provisioner-name=rancher.io/disk"],
          },
        ],
      },
    },
  },
};

const upTo = (type: string, what: string) => ({ type, max: { [what]: "1Gi" } });

const policies = [
  { apiVersion: "v1", kind: "Namespace", metadata: { name: quotaNamespace } },
  {
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata: { name: "small", namespace: quotaNamespace },
    spec: { hard: { "requests.storage": "1Gi", "limits.ephemeral-storage": "1Gi" } },
  },
  {
    apiVersion: "v1",
    kind: "LimitRange",
    metadata: { name: "sizes", namespace: quotaNamespace },
    spec: { limits: [upTo("PersistentVolumeClaim", "storage"), upTo("Container", "ephemeral-storage")] },
  },
];

export const longhornLeftovers = [
  { apiVersion: "v1", kind: "Namespace", metadata: { name: "longhorn-system" } },
  {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingWebhookConfiguration",
    metadata: { name: "longhorn-webhook-validator" },
    webhooks: [],
  },
  {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "volumes.longhorn.io" },
    spec: {
      group: "longhorn.io",
      scope: "Namespaced",
      names: { plural: "volumes", singular: "volume", kind: "Volume", listKind: "VolumeList" },
      versions: [{ name: "v1beta2", served: true, storage: true, schema: { openAPIV3Schema: { type: "object" } } }],
    },
  },
];

export const doctored: KubernetesObject[] = [oldDefault, foreignProvisioner, ...policies, ...longhornLeftovers];

export async function create(kube: Kube, objects: KubernetesObject[]): Promise<void> {
  for (const object of objects) await kube.objects.create(object);
}

/** Until then nobody can tell whether the definition has objects. */
export const untilLonghornIsServed = ({ objects }: Kube) =>
  until("it is served", () => objects.list("longhorn.io/v1beta2", "Volume").then(Boolean, () => false));

/** What is gone already is no fault: a test may have failed half-way. */
export async function remove(kube: Kube, objects: KubernetesObject[]): Promise<void> {
  const named = objects.map(({ apiVersion, kind, metadata }) => ({
    apiVersion,
    kind,
    metadata: { name: metadata!.name!, namespace: metadata?.namespace },
  }));
  const missing = (error: unknown) => {
    if (errorCode(error) !== 404) throw error;
    return undefined;
  };
  for (const object of named) await kube.objects.delete(object).catch(missing);
  await until("the objects are gone", async () =>
    (await Promise.all(named.map((object) => kube.objects.read(object).catch(missing)))).every((found) => !found),
  );
}

/** Nodes behind which nothing runs. */
export const fakeNodes = ["talos-1", "talos-2"].map((name): V1Node => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: { name },
}));

/** Makes the fake nodes say of themselves that they are Ready and run Talos, without its extensions. */
export async function addFakeNodes(kube: Kube): Promise<void> {
  const nodeInfo = { ...(await kube.core.readNode({ name: "local" })).status!.nodeInfo!, osImage: "Talos (v1.13.0)" };
  const ready = { type: "Ready", status: "True", lastHeartbeatTime: new Date(), lastTransitionTime: new Date() };
  await Promise.all(fakeNodes.map((body) => kube.core.createNode({ body })));
  const names = fakeNodes.map(({ metadata }) => metadata!.name!);
  // The controllers write to a new node as well.
  const state = async (name: string) => {
    const body = await kube.core.readNode({ name });
    return kube.core
      .replaceNodeStatus({ name, body: { ...body, status: { conditions: [ready as never], nodeInfo } } })
      .catch((error) => (errorCode(error) === 409 ? undefined : Promise.reject(error as Error)));
  };
  for (const name of names) await until(`${name} is Ready`, () => state(name), 30);
  const untainted = async (name: string) => !(await kube.core.readNode({ name })).spec?.taints?.length;
  await until("the fake nodes take pods", async () => (await Promise.all(names.map(untainted))).every(Boolean), 30);
}

/** Runs a shell script where the node is: its mounts are seen by the kubelet and by nobody outside. */
export function onNode(script: string): Promise<string> {
  return enter(runningInstance(instance).init, ["sh", "-euc", script]);
}

/** A stack's config file for `--stack`, on the cluster of these tests. */
export async function writeStack(
  directory: string,
  name: string,
  kubeconfig: string,
  config: Record<string, unknown>,
): Promise<void> {
  const cluster = { context: `cluster-storage-${instance}`, kubeconfig, identifier: instance };
  const all = Object.entries({ cluster, ...config }).map(([key, value]) => [`cluster-storage:${key}`, value]);
  await writeFile(
    join(directory, `Pulumi.${name}.yaml`),
    stringify({ config: Object.fromEntries(all) as Record<string, unknown> }),
  );
}

/** A kubeconfig for an account with these rights; without any it may see nearly everything and change nothing. */
export async function accountsKubeconfig(kube: Kube, file: string, rules?: object[]): Promise<KubernetesObject[]> {
  const name = "preflight-account";
  const role = { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name }, rules };
  const account = { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace: "default" } };
  const binding = {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: rules ? name : "view" },
    subjects: [{ kind: "ServiceAccount", name, namespace: "default" }],
  };
  const made = [account, ...(rules ? [role] : []), binding];
  await create(kube, made);
  const { status } = await kube.core.createNamespacedServiceAccountToken({
    name,
    namespace: "default",
    body: { spec: { audiences: [], expirationSeconds: 600 } } as never,
  });
  const { server, caData, caFile } = kube.config.getCurrentCluster()!;
  const context = `cluster-storage-${instance}`;
  const cluster = {
    server,
    ...(caData ? { "certificate-authority-data": caData } : { "certificate-authority": caFile }),
  };
  await writeFile(
    file,
    stringify({
      apiVersion: "v1",
      kind: "Config",
      "current-context": context,
      clusters: [{ name: "local", cluster }],
      users: [{ name, user: { token: status!.token } }],
      contexts: [{ name: context, context: { cluster: "local", user: name } }],
    }),
    { mode: 0o600 },
  );
  return made;
}
