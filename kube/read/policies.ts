import type { LimitRangeFacts, NamespaceFacts, QuotaFacts } from "../../model/preflight-facts";
import { type Item, namespaceOf, stackOf } from "./objects";

export interface NamespaceItem extends Item {
  status?: { phase?: string };
}

export function readNamespace(item: NamespaceItem): NamespaceFacts {
  const { name, labels = {} } = item.metadata;
  return { name, labels, phase: item.status?.phase ?? "Active", stack: stackOf(item) };
}

export interface QuotaItem extends Item {
  status?: { hard?: Record<string, string>; used?: Record<string, string> };
  spec?: { hard?: Record<string, string> };
}

/** Before its controller has counted, a quota has only what it allows. */
export function readQuota(item: QuotaItem): QuotaFacts {
  const hard = item.status?.hard ?? item.spec?.hard ?? {};
  return { namespace: namespaceOf(item), name: item.metadata.name, hard, used: item.status?.used ?? {} };
}

export interface LimitRangeItem extends Item {
  spec?: { limits?: { type: string; min?: Record<string, string>; max?: Record<string, string> }[] };
}

export function readLimitRange(item: LimitRangeItem): LimitRangeFacts[] {
  const limits = item.spec?.limits ?? [];
  return limits.map(({ type, min = {}, max = {} }) => ({
    namespace: namespaceOf(item),
    name: item.metadata.name,
    type,
    min,
    max,
  }));
}
