import { stackAnnotation } from "../../model/metadata";
import type { Adoption, Deployment, PendingOperation } from "../pulumi/state";

/** Where an object is looked for in the cluster. */
export interface Identity {
  apiVersion: string;
  kind: string;
  name: string;
  namespace?: string;
}

/** What the cluster has under a pending create's name. */
export type ObjectFact =
  | { found: false; /** It was there, and was taken away to be made again. */ ended?: boolean }
  | {
      found: true;
      /** The provider's id of it. */
      id: string;
      /** `project/stack` from its annotation; undefined when it bears none. */
      stack?: string;
      fieldManager?: string;
    };

export type Decision =
  | { action: "adopt"; urn: string; why: string; adoption: Adoption }
  | { action: "clear"; urn: string; why: string }
  /** The state has it already, maybe not as it is now: read it again. */
  | { action: "refresh"; urn: string; why: string }
  /** It is there and not ours: neither recorded nor touched. */
  | { action: "leave"; urn: string; why: string };

/** A create whose outcome only the cluster knows. Patches create nothing and may simply be made again. */
export function needsLookup({ type, resource }: PendingOperation): boolean {
  return type === "creating" && resource.type.startsWith("kubernetes:") && !resource.type.endsWith("Patch");
}

/** The name under which a pending create's object would be; undefined when its inputs don't tell. */
export function identityOf({ resource }: PendingOperation): Identity | undefined {
  const { apiVersion, kind, metadata } = resource.inputs ?? {};
  const { name, namespace } = (metadata ?? {}) as Record<string, unknown>;
  if (typeof apiVersion !== "string" || typeof kind !== "string" || typeof name !== "string") return undefined;
  return { apiVersion, kind, name, ...(typeof namespace === "string" ? { namespace } : {}) };
}

/**
 * What to do about each operation that an interrupted update left pending.
 * `facts`: by URN, what the cluster has; needed for those that `needsLookup`. `stack`: ours, as `project/stack`.
 */
export function decideRecovery(
  deployment: Deployment,
  facts: ReadonlyMap<string, ObjectFact>,
  stack: string,
): Decision[] {
  const recorded = new Set(
    (deployment.resources ?? []).filter(({ pendingReplacement }) => !pendingReplacement).map(({ urn }) => urn),
  );
  return pendingOperations(deployment).map((operation) => decideOne(operation, recorded, facts, stack));
}

/**
 * One operation a resource: an update that met a pending create carried it along and may have added its own, which is
 * newer.
 */
export function pendingOperations(deployment: Deployment): PendingOperation[] {
  return [
    ...new Map((deployment.pending_operations ?? []).map((operation) => [operation.resource.urn, operation])).values(),
  ];
}

function decideOne(
  operation: PendingOperation,
  recorded: ReadonlySet<string>,
  facts: ReadonlyMap<string, ObjectFact>,
  stack: string,
): Decision {
  const { urn } = operation.resource;
  if (operation.type !== "creating") {
    return recorded.has(urn)
      ? { action: "refresh", urn, why: `was interrupted while ${operation.type}` }
      : { action: "clear", urn, why: `was interrupted while ${operation.type} and is no longer in the state` };
  }
  if (recorded.has(urn)) return { action: "refresh", urn, why: "is in the state already" };
  if (!needsLookup(operation))
    return { action: "clear", urn, why: "leaves nothing behind outside the state; the next update makes it" };
  if (!identityOf(operation)) return { action: "leave", urn, why: "its inputs don't say which object it is" };
  const fact = facts.get(urn);
  if (!fact) throw new Error(`nobody looked for ${urn}`);
  return decideCreate(operation, fact, stack);
}

function decideCreate(operation: PendingOperation, fact: ObjectFact, stack: string): Decision {
  const { urn } = operation.resource;
  if (!fact.found)
    return { action: "clear", urn, why: fact.ended ? "was ended, to be made again" : "was never created" };
  if (fact.stack === stack) {
    const adoption = { operation, id: fact.id, fieldManager: fact.fieldManager };
    return { action: "adopt", urn, why: "was created but not recorded", adoption };
  }
  const whose =
    fact.stack === undefined ? `bears no ${stackAnnotation} annotation` : `belongs to the stack ${fact.stack}`;
  return { action: "leave", urn, why: `exists as ${fact.id} and ${whose}` };
}
