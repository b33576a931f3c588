import type { StoragePlan } from "../../model/plan";
import { verbs } from "../access";
import type { Access, AccessAnswer, GrantAnswer } from "../../model/preflight-facts";
import type { GeneralCheck } from "../../model/backend";
import { listed, results } from "../results";

export const rights: GeneralCheck = {
  id: "rights",
  group: "cluster",
  run({ facts: { access, grants }, plan }) {
    const { ok, error } = results(this.id);
    const faults = [missing(access, plan), tooMuch(grants, plan)].flatMap((fault) => (fault ? [error(...fault)] : []));
    return faults.length > 0 ? faults : [ok("the context's credentials may do all that an update does")];
  },
};

/** What is wrong and the way out; undefined where nothing is. */
type Fault = [title: string, wayOut: string] | undefined;

function missing(access: AccessAnswer[], { cluster }: StoragePlan): Fault {
  const refused = access.filter(({ allowed }) => !allowed);
  const [first] = refused;
  if (!first) return undefined;
  return [
    `rights are missing: ${listed(byKind(refused))}`,
    `have them granted (${canI(cluster, first)} tells), or name another context in cluster-storage:cluster.context`,
  ];
}

/** Kubernetes accepts a role only from a caller that has the role's rights itself, or may write and bind any role. */
function tooMuch(grants: GrantAnswer[], { cluster }: StoragePlan): Fault {
  const refused = grants.filter(({ allowed }) => !allowed);
  const [first] = refused;
  if (!first) return undefined;
  const roles = [...new Set(refused.map(({ namespace }) => (namespace === undefined ? "clusterroles" : "roles")))];
  return [
    "the update makes roles with rights that these credentials don't have themselves, which Kubernetes " +
      `refuses: ${listed(byKind(refused))}, for ${listed([...new Set(refused.map(({ to }) => to))])}`,
    `have escalate and bind granted for ${listed(roles)} ` +
      `(docs/ci.md; ${canI(cluster, { ...first, verb: "escalate", resource: roles[0]! })} tells) or these rights ` +
      "themselves, or name another context in cluster-storage:cluster.context",
  ];
}

const canI = ({ context }: StoragePlan["cluster"], { verb, resource, namespace }: Access) =>
  `kubectl --context ${context} auth can-i ${verb} ${resource}${namespace ? ` -n ${namespace}` : ""}`;

const byKind = (refused: Access[]) =>
  [...groupBy(refused, ({ group, resource }) => (group ? `${resource}.${group}` : resource))].map(([kind, all]) =>
    describe(kind, all),
  );

function describe(kind: string, refused: Access[]): string {
  const all = [...new Set(refused.map(({ verb }) => verb))];
  const namespaces = [...new Set(refused.flatMap(({ namespace }) => namespace ?? []))];
  const where = namespaces.length > 0 ? ` in ${listed(namespaces)}` : "";
  return `${verbs.every((verb) => all.includes(verb)) ? "anything with" : all.join("/")} ${kind}${where}`;
}

function groupBy<Item>(items: Item[], key: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}
