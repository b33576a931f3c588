import type { ClaimFacts } from "../../model/facts";
import { selectedNodeAnnotation, unprotectedAnnotation } from "../../model/metadata";
import { createdOf, isDeleting, type Item, nameOf, namespaceOf, stackOf } from "./objects";

export interface ClaimItem extends Item {
  spec?: {
    storageClassName?: string;
    volumeName?: string;
    accessModes?: string[];
    resources?: { requests?: { storage?: string } };
  };
  status?: { phase?: string; capacity?: { storage?: string } };
}

export function readClaim(item: ClaimItem): ClaimFacts {
  const { spec = {}, status = {} } = item;
  const { uid = "", labels = {}, annotations = {} } = item.metadata ?? {};
  return {
    namespace: namespaceOf(item),
    name: nameOf(item),
    uid,
    service: labels["app.kubernetes.io/name"] ?? "",
    stack: stackOf(item),
    className: spec.storageClassName,
    size: spec.resources?.requests?.storage ?? "0",
    capacity: status.capacity?.storage,
    phase: status.phase ?? "Pending",
    volume: spec.volumeName,
    accessModes: spec.accessModes ?? [],
    node: annotations[selectedNodeAnnotation],
    unprotected: annotations[unprotectedAnnotation] === "true",
    deleting: isDeleting(item),
    annotations,
    created: createdOf(item),
  };
}
