import { stackAnnotation } from "../../model/metadata";
import type { Adoption, Deployment, PendingOperation } from "../pulumi/state";

/** Where an object is looked for in the cluster. */
export interface Identity {
  apiVersion: string;
  kind: string;
  name: string;
  namespace?: string;
}

/** The object that the cluster has under a pending create's name. */
export type ObjectFact =
  | { found: false; /** It was there, and was taken away to be made again. */ ended?: boolean }
  | {
      found: true;
      /** The object's id at the provider. */
      id: string;
      /** `project/stack` from the object's annotation; undefined if it has none. */
      stack?: string;
      fieldManager?: string;
    };

export type Decision =
  | { action: "adopt"; urn: string; why: string; adoption: Adoption }
  | { action: "clear"; urn: string; why: string }
  /** The state already has the resource, maybe not as it is now, so it is read again. */
  | { action: "refresh"; urn: string; why: string }
  /** The object exists and isn't ours, so it is neither recorded nor touched. */
  | { action: "leave"; urn: string; why: string };

/** Whether only the cluster knows the outcome of a create. Patches create nothing and may simply be made again. */
export function needsLookup({ type, resource }: PendingOperation): boolean {
  return type === "creating" && resource.type.startsWith("kubernetes:") && !resource.type.endsWith("Patch");
}

/** The name that a pending create's object would have; undefined if its inputs don't tell. */
export function identityOf({ resource }: PendingOperation): Identity | undefined {
  const { apiVersion, kind, metadata } = resource.inputs ?? {};
  const { name, namespace } = (metadata ?? {}) as Record<string, unknown>;
  if (typeof apiVersion !== "string" || typeof kind !== "string" || typeof name !== "string") return undefined;
  return { apiVersion, kind, name, ...(typeof namespace === "string" ? { namespace } : {}) };
}

/**
 * What to do about each operation that an interrupted update left pending.
 * `facts`: what the cluster has, by URN; needed for each operation that `needsLookup`.
 * `stack`: this stack, as `project/stack`.
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
 * One operation for each resource. An update that finds a pending create keeps it and may add its own operation, which
 * is newer.
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
