import { Resolver } from "node:dns/promises";
import { SERVICES } from "./addresses";
import type { Api } from "./api";
import { DNS_USER } from "./identities";
import type { Layout } from "./layout";

/** Lets CoreDNS read the objects that it makes names from. */
export async function allowDns(api: Api): Promise<void> {
  const group = "rbac.authorization.k8s.io";
  const metadata = { name: "cluster-storage:coredns" };
  const verbs = ["list", "watch"];
  const rules = [
    { apiGroups: [""], resources: ["services", "namespaces", "pods"], verbs },
    { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs },
  ];
  await apply(api, "clusterroles", { apiVersion: `${group}/v1`, kind: "ClusterRole", metadata, rules });
  await apply(api, "clusterrolebindings", {
    apiVersion: `${group}/v1`,
    kind: "ClusterRoleBinding",
    metadata,
    roleRef: { apiGroup: group, kind: "ClusterRole", name: metadata.name },
    subjects: [{ apiGroup: group, kind: "User", name: DNS_USER }],
  });
}

async function apply(
  api: Api,
  resource: string,
  object: { metadata: { name: string }; [field: string]: unknown },
): Promise<void> {
  const query = "fieldManager=cluster-storage&force=true";
  const path = `/apis/rbac.authorization.k8s.io/v1/${resource}/${object.metadata.name}?${query}`;
  const { status, body } = await api.call("PATCH", path, object);
  if (status >= 300) throw new Error(`${object.metadata.name}: ${body.message ?? status}`);
}

/** Whether CoreDNS knows the cluster's own API server. */
export async function dnsAnswers({ addresses }: Layout): Promise<boolean> {
  const resolver = new Resolver({ timeout: 1000, tries: 1 });
  resolver.setServers([addresses.node]);
  return resolver.resolve4("kubernetes.default.svc.cluster.local").then(
    ([address]) => address === SERVICES.kubernetes,
    () => false,
  );
}
