import { verbs } from "../access";
import type { AccessAnswer } from "../facts-types";
import type { GeneralCheck } from "../general";
import { listed, results } from "../results";

export const rights: GeneralCheck = {
  id: "rights",
  group: "cluster",
  run({ facts: { access }, plan }) {
    const { ok, error } = results(this.id);
    const refused = access.filter(({ allowed }) => !allowed);
    if (refused.length === 0) return [ok("the context's credentials may do all that an update does")];
    const missing = [...groupBy(refused, ({ group, resource }) => (group ? `${resource}.${group}` : resource))].map(([kind, answers]) => describe(kind, answers));
    const [first] = refused;
    const namespace = first?.namespace ? ` -n ${first.namespace}` : "";
    return [
      error(
        `rights are missing: ${listed(missing)}`,
        `have them granted (kubectl --context ${plan.cluster.context} auth can-i ${first?.verb} ${first?.resource}${namespace} tells), or name another context in cluster-storage:cluster.context`,
      ),
    ];
  },
};

function describe(kind: string, answers: AccessAnswer[]): string {
  const refused = verbs.filter((verb) => answers.some((answer) => answer.verb === verb));
  const namespaces = [...new Set(answers.flatMap(({ namespace }) => namespace ?? []))];
  const where = namespaces.length > 0 ? ` in ${listed(namespaces)}` : "";
  return `${refused.length === verbs.length ? "anything with" : refused.join("/")} ${kind}${where}`;
}

function groupBy<Item>(items: Item[], key: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}
