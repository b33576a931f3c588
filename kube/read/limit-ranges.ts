import type { LimitRangeFacts } from "../../model/limit-facts";
import { type Item, nameOf, namespaceOf } from "./objects";

export interface LimitRangeItem extends Item {
  spec?: {
    limits?: {
      type: string;
      min?: Record<string, string>;
      max?: Record<string, string>;
      default?: Record<string, string>;
      defaultRequest?: Record<string, string>;
      maxLimitRequestRatio?: Record<string, string>;
    }[];
  };
}

/** A fact for each of the limits that the object lists. */
export function readLimitRange(item: LimitRangeItem): LimitRangeFacts[] {
  const limits = item.spec?.limits ?? [];
  return limits.map(({ type, min = {}, max = {}, default: defaults, defaultRequest, maxLimitRequestRatio }) => ({
    namespace: namespaceOf(item),
    name: nameOf(item),
    type,
    min,
    max,
    ...(defaults && { defaults }),
    ...(defaultRequest && { defaultRequests: defaultRequest }),
    ...(maxLimitRequestRatio && { ratios: maxLimitRequestRatio }),
  }));
}
