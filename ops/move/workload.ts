import type { V1Deployment, V1StatefulSet } from "@kubernetes/client-node";
import { movingAnnotation } from "../../mover/paths.mjs";
import { isSpillInit } from "../../mover/workload.mjs";
import type { ClaimPlan, VolumePlan } from "../../model/storage";
import { UserError } from "../../model/user-error";
import { ifFound, type Kube } from "../../kube/client";

/** A service's workload, as far as its volumes go. */
export interface WorkloadFact {
  /** The move that has stopped it, by its job's name. */
  moving?: string;
  /**
   * The claim or, for a directory that goes with the pod, `emptyDir`, by the volume's name; a template's by its claim
   * alone.
   */
  claims: ReadonlySet<string>;
}

export interface WorkloadRef {
  name: string;
  namespace: string;
  kind: "Deployment" | "StatefulSet";
}

/** Undefined where the cluster has no such workload. */
export async function readWorkload(
  { apps }: Pick<Kube, "apps">,
  { name, namespace, kind }: WorkloadRef,
): Promise<WorkloadFact | undefined> {
  const at = { name, namespace };
  const found = await ifFound<V1Deployment | V1StatefulSet>(
    kind === "Deployment" ? apps.readNamespacedDeployment(at) : apps.readNamespacedStatefulSet(at),
  );
  return found && factOf(found);
}

/**
 * Which claims a workload uses: those that its pod names, and those that its templates stand for; not one that its
 * directory was only filled from.
 */
export function factOf({ metadata, spec }: V1Deployment | V1StatefulSet): WorkloadFact {
  const named = (spec?.template.spec?.volumes ?? []).flatMap(({ name, persistentVolumeClaim }) =>
    isSpillInit(name) ? [] : (persistentVolumeClaim?.claimName ?? []),
  );
  const templates = (spec && "volumeClaimTemplates" in spec && spec.volumeClaimTemplates) || [];
  const made = templates.map((template) => `${template.metadata?.name}-${metadata?.name}-0`);
  return { moving: metadata?.annotations?.[movingAnnotation], claims: new Set([...named, ...made]) };
}

/** The volume of a claim that a workload uses now; undefined where it is none of those in the config. */
export function inUse(claim: ClaimPlan, { claims }: WorkloadFact): VolumePlan | undefined {
  const volumes: VolumePlan[] = [claim, ...claim.kept];
  // Where it uses none of the claims, it can only be the volume that has none.
  return (
    volumes.find(({ name, ephemeral }) => !ephemeral && claims.has(name)) ?? volumes.find(({ ephemeral }) => ephemeral)
  );
}

/**
 * Refuses a claim whose last move isn't at its end: the file says one volume, the service uses another.
 * `run`: whether the config lets the service run. `next`: the generation that a return as it was leads to; where that
 * is the one still in use, it gives the move up.
 */
export function assertSettled(
  name: string,
  claim: ClaimPlan,
  fact: WorkloadFact | undefined,
  { next, command, run = true }: { next?: unknown; command: string; run?: boolean },
): void {
  if (!fact) {
    const first = run
      ? `deploy it first (${command})`
      : `it has run: false, so let it run and deploy that first (${command})`;
    throw new UserError(`${name} has no workload in the cluster, which a move stops and starts; ${first}`);
  }
  const used = inUse(claim, fact);
  if (
    used === undefined ||
    (used.generation === claim.generation && fact.moving === undefined) ||
    used.generation === next
  )
    return;
  const state =
    fact.moving === undefined
      ? `the config says ${claim.name}, and it is on ${used.name}`
      : `${fact.moving} is under way, it is on ${used.name}`;
  throw new UserError(
    `the last move of ${name} isn't finished (${state}); ${command} takes it up again, and npm run move ` +
      `-- ${name} --back --as-it-was gives it up`,
  );
}
