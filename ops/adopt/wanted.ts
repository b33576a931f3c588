import { previewSteps, type Step } from "../pulumi/preview";
import type { Stack } from "../pulumi/stack";
import type { StateExport } from "../pulumi/state";
import type { Planned } from "./types";

/** With it the program plans without refusing what isn't its own yet. */
const adopting = { CLUSTER_STORAGE_ADOPTING: "true" };

/** What an update would do, as if what is in the cluster were the stack's already. */
export const previewAdopting = (stack: Stack): Promise<Step<Planned>[]> =>
  previewSteps<Planned>({ ...stack, env: { ...stack.env, ...adopting } });

const replacing = /replace|^delete/;
const holdsData = /:(PersistentVolumeClaim|Namespace|RandomPassword)$/;

/**
 * What of an update would take something away that must stay: claims, what they are in, generated values, and
 * `adopted`.
 */
export function harmful(steps: readonly Step<Planned>[], adopted: ReadonlySet<string> = new Set()): string[] {
  const wrong = steps.filter(
    ({ op, urn, newState, oldState }) =>
      replacing.test(op) && (adopted.has(urn) || holdsData.test((newState ?? oldState)?.type ?? "")),
  );
  return [...new Set(wrong.map(({ urn }) => urn))];
}

/** What the program wants and the state hasn't. */
export function toCreate(steps: readonly Step<Planned>[]): Planned[] {
  return steps.flatMap(({ op, newState }) => (op === "create" && newState ? [newState] : []));
}

/** Claims, and what they are in, that the state has: a preview doesn't look whether the cluster still has them. */
export function recorded({ deployment }: StateExport, kind: "PersistentVolumeClaim" | "Namespace"): Planned[] {
  return (deployment.resources ?? []).filter(
    (resource) => resource.type === `kubernetes:core/v1:${kind}` && !resource.delete && !resource.pendingReplacement,
  );
}
