import type { StoragePlan } from "../plan/types";
import type { Access } from "./facts-types";

/** What an update does with each kind of object that it makes. */
export const verbs = ["get", "list", "watch", "create", "patch", "delete"];

/** Kinds that are in no namespace, by API group; the last only where a backend installs something. */
const wide: Record<string, string[]> = { "": ["namespaces"], "storage.k8s.io": ["storageclasses"] };
const installing: Record<string, string[]> = { "rbac.authorization.k8s.io": ["clusterroles", "clusterrolebindings"] };

const namespaced: Record<string, string[]> = {
  "": ["persistentvolumeclaims", "secrets", "configmaps", "services", "serviceaccounts"],
  apps: ["deployments", "statefulsets"],
  batch: ["jobs", "cronjobs"],
  "networking.k8s.io": ["networkpolicies"],
  "rbac.authorization.k8s.io": ["roles", "rolebindings"],
};

/** The rights that an update of this plan needs. */
export function neededAccess({ backends, namespaces }: StoragePlan): Access[] {
  const installs = backends.some(({ install }) => install !== undefined);
  const everywhere = [...expand(wide), ...(installs ? expand(installing) : [])];
  return [...everywhere, ...namespaces.flatMap(({ name }) => expand(namespaced).map((access) => ({ ...access, namespace: name })))];
}

function expand(kinds: Record<string, string[]>): Access[] {
  return Object.entries(kinds).flatMap(([group, resources]) => resources.flatMap((resource) => verbs.map((verb) => ({ verb, group, resource }))));
}
