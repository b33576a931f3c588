import type { V1StatefulSet } from "@kubernetes/client-node";
import type { ClaimFacts } from "../../model/facts";
import { movedToAnnotation } from "../../model/metadata";
import type { MovedTo } from "../../model/mover";
import { withNewTemplate } from "../../mover/orchestrate/claim-template";
import type { Claim, Manifest } from "../../mover/orchestrate/objects";
import { pendingOperations } from "./decide";
import { finishedMoves, unfinishedMoves, type FinishedMove } from "./moves";
import { claimType, createdAt, type Deployment, type StateResource } from "../pulumi/state";

const setType = "kubernetes:apps/v1:StatefulSet";

/** A StatefulSet that a killed update was making anew because its claim template had changed. */
export interface TakenDown {
  urn: string;
  /** The manifest that makes the set again on the volume with its newest data. */
  manifest: V1StatefulSet;
  /** When the set that the state knows was made, in ms. */
  made: number;
}

/**
 * The sets with a claim template that the cluster may lack since an update was killed: their deletion had begun, or it
 * was done and nothing was recorded after it. The deletion of a set for good looks the same; the next update deletes
 * such a set again. A set whose move has not ended is left to the recovery of the move.
 */
export function takenDown(deployment: Deployment): TakenDown[] {
  const begun = pendingOperations(deployment)
    .filter(({ type }) => type === "deleting")
    .map(({ resource }) => resource.urn);
  const moving = unfinishedMoves(deployment).map(({ move }) => move);
  return (deployment.resources ?? []).flatMap((resource) => {
    const { urn, type, pendingReplacement, inputs, delete: old } = resource;
    if (type !== setType || old || !(pendingReplacement || begun.includes(urn))) return [];
    const set = inputs as unknown as V1StatefulSet;
    const made = createdAt(resource);
    if (moving.some((move) => isOf(move, set)) || made === undefined) return [];
    const manifest = whereItsDataIs(set, made, deployment);
    return manifest?.spec?.volumeClaimTemplates?.length ? [{ urn, manifest, made }] : [];
  });
}

/**
 * A set as the state has it. If a later move took its data elsewhere, the set uses that move's target. Undefined if
 * that can't be told: on a volume that the data has left, the set would take writes that nobody finds again.
 */
function whereItsDataIs(set: V1StatefulSet, made: number, deployment: Deployment): V1StatefulSet | undefined {
  const since = finishedMoves(deployment).filter(
    ({ move, began }) => isOf(move, set) && leaves(set, move) && (began === undefined || began >= made),
  );
  const [moved] = since;
  if (!moved) return set;
  const claim = targetOf(moved, deployment);
  return since.length === 1 && moved.began !== undefined && claim
    ? (withNewTemplate(set as Manifest, moved.move, claim as unknown as Claim) as V1StatefulSet)
    : undefined;
}

const isOf = ({ workload, namespace }: FinishedMove["move"], { metadata }: V1StatefulSet) =>
  workload.name === metadata?.name && namespace === metadata?.namespace;

/** Whether the set's data is in the move's source: a claim of a template or a volume of the pod. */
function leaves({ spec }: V1StatefulSet, { template }: FinishedMove["move"]): boolean {
  const names = [
    ...(spec?.volumeClaimTemplates ?? []).map(({ metadata }) => metadata?.name),
    ...(spec?.template.spec?.volumes ?? []).map(({ name }) => name),
  ];
  return template !== undefined && names.includes(template.from);
}

/** The move's target claim, as the state declares it. */
function targetOf({ move }: FinishedMove, { resources = [] }: Deployment): StateResource["inputs"] {
  const named = ({ name, namespace }: { name?: unknown; namespace?: unknown }) =>
    name === move.target.claim && namespace === move.namespace;
  return resources.find(({ type, inputs }) => type === claimType && named(inputs?.metadata ?? {}))?.inputs;
}

/** Names of the claims that the set's controller makes for its only pod. */
export const claimNames = ({ metadata, spec }: V1StatefulSet) =>
  (spec?.volumeClaimTemplates ?? []).map((template) => `${template.metadata?.name}-${metadata?.name}-0`);

/**
 * Why a set must not be made again with this claim, for a person; undefined if it may.
 * `claim`: as the cluster has it. If the claim is missing, the controller would make an empty one.
 */
export function objection(name: string, claim: ClaimFacts | undefined, made: number): string | undefined {
  if (!claim || claim.deleting || claim.phase !== "Bound") return `its claim ${name} has no volume`;
  const note = claim.annotations[movedToAnnotation];
  const left = note === undefined ? undefined : (JSON.parse(note) as MovedTo);
  return left && Date.parse(left.at) >= made ? `its data has left its claim ${name} for ${left.to}` : undefined;
}
