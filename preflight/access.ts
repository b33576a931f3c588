import type { StoragePlan } from "../model/plan";
import type { Access } from "../model/preflight-facts";
import type { Kinds } from "../model/rights";

/** What an update does with each kind of object that it makes. */
export const verbs = ["get", "list", "watch", "create", "patch", "delete"];

/** Kinds that every update makes, besides those that the backends install. */
const always: Kinds = { "": ["namespaces"], "storage.k8s.io": ["storageclasses"] };

/** Kinds in the services' namespaces. */
const namespaced: Kinds = {
  "": ["persistentvolumeclaims", "secrets", "configmaps", "services", "serviceaccounts"],
  apps: ["deployments", "statefulsets"],
  batch: ["jobs", "cronjobs"],
  "networking.k8s.io": ["networkpolicies"],
  "rbac.authorization.k8s.io": ["roles", "rolebindings"],
};

/** The kind by which cert-manager is asked for a certificate, beside those. */
const issued: Kinds = { "cert-manager.io": ["certificates"] };

/** Kinds that an update only reads, to see when its workloads run. */
const waitedFor: Kinds = { "": ["pods"], apps: ["replicasets"] };
const reading = ["get", "list", "watch"];

/** The rights that an update of this plan needs. */
export function neededAccess({ backends, namespaces, tls }: StoragePlan): Access[] {
  const everywhere = [always, ...backends.map(({ install }) => install?.makes.cluster ?? {})].flatMap((kinds) =>
    expand(kinds),
  );
  const once = new Map(everywhere.map((access) => [`${access.verb} ${access.group} ${access.resource}`, access]));
  return [
    ...once.values(),
    ...namespaces.flatMap(({ name }) => within(name, tls?.certManager ? { ...namespaced, ...issued } : namespaced)),
    ...backends.flatMap(({ install }) =>
      install?.namespace === undefined ? [] : within(install.namespace, install.makes.namespace ?? {}),
    ),
  ];
}

const within = (namespace: string, kinds: Kinds) =>
  [...expand(kinds), ...expand(waitedFor, reading)].map((access) => ({ ...access, namespace }));

function expand(kinds: Kinds, all = verbs): Access[] {
  return Object.entries(kinds).flatMap(([group, resources]) =>
    resources.flatMap((resource) => all.map((verb) => ({ verb, group, resource }))),
  );
}
