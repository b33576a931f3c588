import { previewSteps, type Step } from "../pulumi/preview";
import type { Stack } from "../pulumi/stack";
import type { StateExport } from "../pulumi/state";
import type { Planned } from "./types";
import { podOf } from "./workloads";

/** With this variable set, the program also plans with objects that aren't the stack's yet instead of refusing them. */
const adopting = { CLUSTER_STORAGE_ADOPTING: "true" };

/** What an update would do if the stack already owned what is in the cluster. */
export const previewAdopting = (stack: Stack): Promise<Step<Planned>[]> =>
  previewSteps<Planned>({ ...stack, env: { ...stack.env, ...adopting } });

const replacing = /replace|^delete/;
const holdsData = /:(PersistentVolumeClaim|Namespace|RandomPassword)$/;

/**
 * Steps of an update that would replace or delete what must stay: claims, their namespaces, generated
 * values, and `adopted`.
 */
export function harmful(steps: readonly Step<Planned>[], adopted: ReadonlySet<string> = new Set()): string[] {
  const wrong = steps.filter(
    ({ op, urn, newState, oldState }) =>
      replacing.test(op) && (adopted.has(urn) || holdsData.test((newState ?? oldState)?.type ?? "")),
  );
  return [...new Set(wrong.map(({ urn }) => urn))];
}

/** The resources that the program wants and the state doesn't have. */
export function toCreate(steps: readonly Step<Planned>[]): Planned[] {
  return steps.flatMap(({ op, newState }) => (op === "create" && newState ? [newState] : []));
}

/**
 * The same workloads, those whose containers are a secret in the state as a preview plans them: a workload that was
 * adopted with variables of its own has that secret until the next update.
 */
export const readable = (workloads: readonly Planned[], steps: readonly Step<Planned>[]): Planned[] =>
  workloads.map((workload) =>
    Array.isArray(podOf(workload.inputs).containers)
      ? workload
      : (steps.find(({ urn }) => urn === workload.urn)?.newState ?? workload),
  );

/**
 * The objects of one kind, such as `core/v1:Namespace`, that the state has. A preview doesn't check whether the cluster
 * still has them.
 */
export function recorded({ deployment }: StateExport, kind: string): Planned[] {
  return (deployment.resources ?? []).filter(
    (resource) => resource.type === `kubernetes:${kind}` && !resource.delete && !resource.pendingReplacement,
  );
}
