import type { V1Deployment, V1StatefulSet } from "@kubernetes/client-node";
import { movingAnnotation } from "../../model/metadata";
import { isSpillInit } from "../../model/spill";
import type { ClaimPlan, VolumePlan } from "../../model/storage";
import { UserError } from "../../model/user-error";
import { ifFound, type Kube } from "../../kube/client";

/** What the cluster has of a service's workload, as far as its volumes are concerned. */
export interface ServiceWorkload {
  /** The job of the move that is under way, by the mark that it leaves on the workload. */
  moving?: string;
  /** The names of the claims that its pod uses. */
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
): Promise<ServiceWorkload | undefined> {
  const at = { name, namespace };
  const found = await ifFound<V1Deployment | V1StatefulSet>(
    kind === "Deployment" ? apps.readNamespacedDeployment(at) : apps.readNamespacedStatefulSet(at),
  );
  return found && factOf(found);
}

/**
 * Which claims a workload uses: those that its pod names, and those that its claim templates make. A claim that the
 * pod's own directory was only filled from is not among them.
 */
export function factOf({ metadata, spec }: V1Deployment | V1StatefulSet): ServiceWorkload {
  const named = (spec?.template.spec?.volumes ?? []).flatMap(({ name, persistentVolumeClaim }) =>
    isSpillInit(name) ? [] : (persistentVolumeClaim?.claimName ?? []),
  );
  const templates = (spec && "volumeClaimTemplates" in spec && spec.volumeClaimTemplates) || [];
  const made = templates.map((template) => `${template.metadata?.name}-${metadata?.name}-0`);
  return { moving: metadata?.annotations?.[movingAnnotation], claims: new Set([...named, ...made]) };
}

/** The volume of a claim that a workload uses now; undefined where the config has no such volume. */
export function inUse(claim: ClaimPlan, { claims }: ServiceWorkload): VolumePlan | undefined {
  const volumes: VolumePlan[] = [claim, ...claim.kept];
  // A workload that uses none of the claims can only be on the volume that has no claim.
  return (
    volumes.find(({ name, ephemeral }) => !ephemeral && claims.has(name)) ?? volumes.find(({ ephemeral }) => ephemeral)
  );
}

/**
 * Throws a UserError where there is no workload, or where the claim's last move isn't finished: the file names one
 * volume, and the service uses another. `run`: whether the config lets the service run. `next`: the generation that a
 * return as it was leads to; where that is the one still in use, the return gives the move up and is let through.
 */
export function assertSettled(
  name: string,
  claim: ClaimPlan,
  fact: ServiceWorkload | undefined,
  { next, command, run = true }: { next?: unknown; command: string; run?: boolean },
): void {
  if (!fact) {
    const first = run
      ? `deploy it first (${command})`
      : `its config has run: false, so set run: true and deploy that first (${command})`;
    throw new UserError(`${name} has no workload in the cluster that a move could stop and start; ${first}`);
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
      ? `the config names ${claim.name}, and the service is on ${used.name}`
      : `job ${fact.moving} is under way, and the service is on ${used.name}`;
  throw new UserError(
    `the last move of ${name} isn't finished (${state}); ${command} continues it, and npm run move ` +
      `-- ${name} --back --as-it-was gives it up`,
  );
}
