import type { NamespaceFacts } from "../../model/facts";
import { type Item, nameOf, stackOf } from "./objects";

export interface NamespaceItem extends Item {
  status?: { phase?: string };
}

export function readNamespace(item: NamespaceItem): NamespaceFacts {
  return {
    name: nameOf(item),
    labels: item.metadata?.labels ?? {},
    phase: item.status?.phase ?? "Active",
    stack: stackOf(item),
  };
}
