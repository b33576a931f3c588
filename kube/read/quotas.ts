import type { QuotaFacts, QuotaScope } from "../../model/limit-facts";
import { type Item, nameOf, namespaceOf } from "./objects";

interface Selector {
  scopeName: string;
  operator: string;
  values?: string[];
}

export interface QuotaItem extends Item {
  status?: { hard?: Record<string, string>; used?: Record<string, string> };
  spec?: { hard?: Record<string, string>; scopes?: string[]; scopeSelector?: { matchExpressions?: Selector[] } };
}

/** A quota has only limits until its controller has counted what is used. */
export function readQuota(item: QuotaItem): QuotaFacts {
  const hard = item.status?.hard ?? item.spec?.hard ?? {};
  const { scopes: plain = [], scopeSelector: { matchExpressions = [] } = {} } = item.spec ?? {};
  const scopes: QuotaScope[] = [
    ...plain.map((scope) => ({ scope, operator: "Exists", values: [] })),
    ...matchExpressions.map(({ scopeName: scope, operator, values = [] }) => ({ scope, operator, values })),
  ];
  return {
    namespace: namespaceOf(item),
    name: nameOf(item),
    hard,
    used: item.status?.used ?? {},
    ...(scopes.length > 0 && { scopes }),
  };
}
