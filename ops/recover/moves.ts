import type { V1Deployment, V1StatefulSet } from "@kubernetes/client-node";
import { movingAnnotation } from "../../model/metadata";
import type { Move } from "../../model/mover";
import { UserError } from "../../model/user-error";
import { type JobName, type JobSpec, moveOfJob } from "../move/job-env";
import { createdAt, jobType, type Deployment, type StateResource } from "../pulumi/state";

/** A move's job as the state knows it. */
export interface KnownMove {
  urn: string;
  move: Move;
}

/** What a move needs to know of the service's workload. */
export interface MovedWorkload {
  replicas: number;
  /** The move whose mark the workload has. */
  moving?: string;
  /** The claim that the workload uses; undefined if its data is in the pod's own directory. */
  claim?: string;
}

/** A move that ended well according to the state. */
export interface FinishedMove extends KnownMove {
  /** When the move's job was made, in ms; undefined if the state doesn't say. */
  began?: number;
}

/** The moves of which the state doesn't say that they ended well. */
export function unfinishedMoves({ resources = [], pending_operations: pending = [] }: Deployment): KnownMove[] {
  const notReady = resources.filter(
    ({ initErrors = [], pendingReplacement }) => initErrors.length > 0 && !pendingReplacement,
  );
  const open = new Map(
    [...notReady, ...pending.map(({ resource }) => resource)].map((resource) => [resource.urn, resource]),
  );
  return [...open.values()].flatMap((resource) => {
    const move = moveOf(resource);
    return move ? [{ urn: resource.urn, move }] : [];
  });
}

export function finishedMoves(deployment: Deployment): FinishedMove[] {
  const unfinished = unfinishedMoves(deployment).map(({ urn }) => urn);
  return (deployment.resources ?? []).flatMap((resource) => {
    const move =
      unfinished.includes(resource.urn) || resource.delete || resource.pendingReplacement
        ? undefined
        : finishedMove(resource);
    return move ? [{ urn: resource.urn, move, began: createdAt(resource) }] : [];
  });
}

/**
 * Reads a workload's part in a move. A template's claim is found by the template's name, any other by the pod's volume.
 */
export function factOf(
  { metadata, spec }: V1Deployment | V1StatefulSet,
  { volume, template, workload }: Move,
): MovedWorkload {
  const named = spec?.template.spec?.volumes?.find(({ name }) => name === volume)?.persistentVolumeClaim?.claimName;
  const templates = (spec && "volumeClaimTemplates" in spec && spec.volumeClaimTemplates) || [];
  const made = templates.find(({ metadata }) => metadata?.name === template?.from || metadata?.name === template?.to)
    ?.metadata?.name;
  return {
    replicas: spec?.replicas ?? 1,
    moving: metadata?.annotations?.[movingAnnotation],
    claim: made === undefined ? named : `${made}-${workload.name}-0`,
  };
}

/** The patch for a workload that a move left behind; undefined if the workload is as it should be. */
export function revive({ replicas, moving }: MovedWorkload): object | undefined {
  if (moving === undefined) return undefined;
  const metadata = { annotations: { [movingAnnotation]: null } };
  return replicas === 0 ? { metadata, spec: { replicas: 1 } } : { metadata };
}

/** Describes for a person what was wrong with a revived workload and what was done. */
export function describeRevival(
  { workload: { kind, name } }: Move,
  { replicas, moving, claim }: MovedWorkload,
): string {
  const where = claim === undefined ? "with the data in its pod" : `on claim ${claim}`;
  return replicas === 0
    ? `${kind} ${name} was stopped for the move ${moving}: started again, ${where}`
    : `${kind} ${name} runs ${where} and still had the mark of the move ${moving}: the mark was removed`;
}

const moveOf = ({ type, inputs }: StateResource): Move | undefined =>
  type === jobType ? moveOfJob(inputs?.spec as JobSpec | undefined, (inputs?.metadata ?? {}) as JobName) : undefined;

/** Of a job that has ended well. Nothing has to be done about one that this version doesn't understand. */
function finishedMove(resource: StateResource): Move | undefined {
  try {
    return moveOf(resource);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
