import { pulumi, withProgram, type Stack } from "../stack";
import type { Planned, Step } from "./types";

/** With it the program plans without refusing what isn't its own yet. */
const adopting = { CLUSTER_STORAGE_ADOPTING: "true" };

/** What an update would do, as if what is in the cluster were the stack's already. */
export async function previewSteps(stack: Stack): Promise<Step[]> {
  const seen = { ...stack, env: { ...stack.env, ...adopting } };
  const printed = await pulumi(seen, ["preview", "--json", ...withProgram(stack)], { cwd: stack.program });
  return (JSON.parse(printed) as { steps?: Step[] }).steps ?? [];
}

const replacing = /replace|^delete/;
const holdsData = /:(PersistentVolumeClaim|Namespace|RandomPassword)$/;

/** What of an update would take something away that must stay: claims, what they are in, generated values, and `adopted`. */
export function harmful(steps: readonly Step[], adopted: ReadonlySet<string> = new Set()): string[] {
  const wrong = steps.filter(({ op, urn, newState, oldState }) => replacing.test(op) && (adopted.has(urn) || holdsData.test((newState ?? oldState)?.type ?? "")));
  return [...new Set(wrong.map(({ urn }) => urn))];
}

/** What the program wants and the state hasn't. */
export function toCreate(steps: readonly Step[]): Planned[] {
  return steps.flatMap(({ op, newState }) => (op === "create" && newState ? [newState] : []));
}

/** Claims of the program that the state has. */
export function recordedClaims(steps: readonly Step[]): Planned[] {
  const recorded = steps.filter(({ op, newState }) => (op === "same" || op === "update") && newState?.type === "kubernetes:core/v1:PersistentVolumeClaim");
  return recorded.flatMap(({ newState }) => (newState ? [newState] : []));
}
