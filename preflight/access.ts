import type { StoragePlan } from "../model/plan";
import type { Access } from "../model/preflight-facts";

/** What an update does with each kind of object that it makes. */
export const verbs = ["get", "list", "watch", "create", "patch", "delete"];

/** Kinds by API group. */
type Kinds = Record<string, string[]>;

const always: Kinds = { "": ["namespaces"], "storage.k8s.io": ["storageclasses"] };
/** What backends install besides: a provisioner, a chart with its driver, volumes made by hand. */
const provisioner: Kinds = { "rbac.authorization.k8s.io": ["clusterroles", "clusterrolebindings"] };
const chart: Kinds = {
  ...provisioner,
  apps: ["daemonsets"],
  "storage.k8s.io": ["csidrivers"],
  "apiextensions.k8s.io": ["customresourcedefinitions"],
};
const volumes: Kinds = { "": ["persistentvolumes"] };

/** Of the services' namespaces. */
const namespaced: Kinds = {
  "": ["persistentvolumeclaims", "secrets", "configmaps", "services", "serviceaccounts"],
  apps: ["deployments", "statefulsets"],
  batch: ["jobs", "cronjobs"],
  "networking.k8s.io": ["networkpolicies"],
  "rbac.authorization.k8s.io": ["roles", "rolebindings"],
};

/** Of the namespace of what a backend installs. */
const ofProvisioner: Kinds = {
  "": ["configmaps", "serviceaccounts"],
  apps: ["deployments"],
  "networking.k8s.io": ["networkpolicies"],
  "rbac.authorization.k8s.io": ["roles", "rolebindings"],
};
const ofChart: Kinds = { ...ofProvisioner, "": ["configmaps", "serviceaccounts", "secrets", "services"] };

/** What an update waits for it only reads: a workload is there when its pods are. */
const waitedFor: Kinds = { "": ["pods"], apps: ["replicasets"] };
const reading = ["get", "list", "watch"];

/** The rights that an update of this plan needs. */
export function neededAccess({ backends, namespaces }: StoragePlan): Access[] {
  const everywhere = [always, ...backends.map(({ install }) => installing(install as object | undefined))].flatMap(
    (kinds) => expand(kinds),
  );
  const once = new Map(everywhere.map((access) => [`${access.verb} ${access.group} ${access.resource}`, access]));
  return [
    ...once.values(),
    ...namespaces.flatMap(({ name }) => within(name, namespaced)),
    ...backends.flatMap(({ install }) => inNamespace(install as { namespace?: string } | undefined)),
  ];
}

const within = (namespace: string, kinds: Kinds) =>
  [...expand(kinds), ...expand(waitedFor, reading)].map((access) => ({ ...access, namespace }));

function inNamespace(install: { namespace?: string } | undefined): Access[] {
  if (install?.namespace === undefined) return [];
  return within(install.namespace, "charts" in install ? ofChart : ofProvisioner);
}

function installing(install: object | undefined): Kinds {
  if (!install) return {};
  return "charts" in install ? chart : "volumes" in install ? volumes : provisioner;
}

function expand(kinds: Kinds, all = verbs): Access[] {
  return Object.entries(kinds).flatMap(([group, resources]) =>
    resources.flatMap((resource) => all.map((verb) => ({ verb, group, resource }))),
  );
}
