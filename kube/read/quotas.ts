import type { QuotaFacts } from "../../model/facts";
import { type Item, nameOf, namespaceOf } from "./objects";

export interface QuotaItem extends Item {
  status?: { hard?: Record<string, string>; used?: Record<string, string> };
  spec?: { hard?: Record<string, string> };
}

/** A quota has only limits until its controller has counted what is used. */
export function readQuota(item: QuotaItem): QuotaFacts {
  const hard = item.status?.hard ?? item.spec?.hard ?? {};
  return { namespace: namespaceOf(item), name: nameOf(item), hard, used: item.status?.used ?? {} };
}
