import type { V1StatefulSet } from "@kubernetes/client-node";
import { workloadAnnotation } from "../../model/metadata";
import type { Move } from "../../model/mover";
import { createdAt, type Deployment } from "../pulumi/state";

const setType = "kubernetes:apps/v1:StatefulSet";

/** A StatefulSet as the state has it. */
export interface DeclaredSet {
  urn: string;
  manifest: V1StatefulSet;
  /** When it was made, in ms; absent if the state doesn't say. */
  made?: number;
}

/** The set that a move is of; undefined if the state has none of that name. */
export function declaredSet({ resources = [] }: Deployment, { workload, namespace }: Move): DeclaredSet | undefined {
  const found = resources.find(({ type, inputs, delete: old }) => {
    const { name, namespace: home } = (inputs?.metadata ?? {}) as { name?: unknown; namespace?: unknown };
    return type === setType && !old && name === workload.name && home === namespace;
  });
  if (!found) return undefined;
  return { urn: found.urn, manifest: found.inputs as unknown as V1StatefulSet, made: createdAt(found) };
}

/** Why the manifest that a move keeps on its claim is not made. `foreign`: what in it the stack doesn't declare. */
export function refusedManifest({ workload, namespace, target, job }: Move, foreign: readonly string[]): string {
  const shown = foreign.slice(0, 3).join(", ");
  const more = foreign.length > 3 ? ` and ${foreign.length - 3} more` : "";
  return (
    `StatefulSet ${namespace}/${workload.name} was taken down by the move ${job}, and the manifest that claim ` +
    `${target.claim} keeps of it is not what the stack declares (${shown}${more}): nothing was made from it. Find ` +
    `out who wrote it, remove it (kubectl -n ${namespace} annotate persistentvolumeclaim ${target.claim} ` +
    `${workloadAnnotation}-), and run npm run recover again: it makes the StatefulSet as the stack declares it.`
  );
}
