import type { PodFacts } from "../../model/facts";
import { type Item, nameOf, namespaceOf } from "./objects";

export interface PodItem extends Item {
  metadata?: Item["metadata"] & { ownerReferences?: { kind: string; name: string; controller?: boolean }[] };
  spec?: { volumes?: { persistentVolumeClaim?: { claimName: string } }[] };
  status?: { phase?: string };
}

/** The pod; an empty list where it has no claim or has ended, because an ended pod no longer holds its claims. */
export function readPod(item: PodItem): PodFacts[] {
  const claims = (item.spec?.volumes ?? []).flatMap(
    ({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? [],
  );
  if (claims.length === 0 || ["Succeeded", "Failed"].includes(item.status?.phase ?? "")) return [];
  const controller = item.metadata?.ownerReferences?.find((owner) => owner.controller);
  return [
    {
      namespace: namespaceOf(item),
      pod: nameOf(item),
      claims,
      ...(controller && { owner: ownerOf(controller, item.metadata?.labels) }),
    },
  ];
}

/**
 * A Deployment's pods belong to a ReplicaSet. Its name is the Deployment's name followed by the
 * hash of the pod template.
 */
function ownerOf(
  { kind, name }: { kind: string; name: string },
  labels: Record<string, string> = {},
): { kind: string; name: string } {
  const hash = labels["pod-template-hash"];
  return kind === "ReplicaSet" && hash ? { kind: "Deployment", name: name.replace(`-${hash}`, "") } : { kind, name };
}
