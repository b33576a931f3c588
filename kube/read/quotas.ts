import type { QuotaFacts } from "../../model/limit-facts";
import { type Item, nameOf, namespaceOf } from "./objects";

export interface QuotaItem extends Item {
  status?: { hard?: Record<string, string>; used?: Record<string, string> };
  spec?: { hard?: Record<string, string>; scopes?: string[]; scopeSelector?: object };
}

/** A quota has only limits until its controller has counted what is used. */
export function readQuota(item: QuotaItem): QuotaFacts {
  const hard = item.status?.hard ?? item.spec?.hard ?? {};
  const { scopes = [], scopeSelector } = item.spec ?? {};
  const scoped = scopes.length > 0 || scopeSelector !== undefined;
  return {
    namespace: namespaceOf(item),
    name: nameOf(item),
    hard,
    used: item.status?.used ?? {},
    ...(scoped && { scoped }),
  };
}
