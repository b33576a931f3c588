import type { V1Pod } from "@kubernetes/client-node";
import type { ClaimFacts, VolumeFacts } from "../../model/facts";
import type { OtherPolicy } from "../../preflight/policies";
import { isReady } from "../../kube/pods";
import { podState } from "../../kube/stuck";
import type { Runs } from "../backup/last-run";
import type { Trouble } from "../data/troubles";
import type { ServiceOutput, StackOutputs } from "../pulumi/outputs";

/**
 * One claim of one service. The keys are those of `npm run status -- --json`. Null means that the cluster has
 * no such thing.
 */
export interface StatusRow {
  service: string;
  namespace: string;
  kind: string;
  claim: string;
  /** Null where neither the claim nor the cluster names a class. */
  class: string | null;
  size: string;
  /** Bound, Pending, Lost, or `missing`; `ephemeral` where the data is in the pod's own directory. */
  phase: string;
  node: string | null;
  pod: string | null;
  image: string;
  standIn: boolean;
  generation: number;
  /** The claim is not in use. It stays until it is released. */
  kept: boolean;
  /** When the claim was made, as an ISO time. */
  created: string | null;
  /** The job of the move that is under way. */
  moving: string | null;
}

/** What the cluster has of one service. */
export interface ServiceFacts {
  /** The claims by name; a claim that doesn't exist is absent. */
  claims: ReadonlyMap<string, ClaimFacts>;
  /** The pods, newest first; undefined where there is no such workload. */
  pods: readonly V1Pod[] | undefined;
  /** The job of a move that is under way. */
  moving?: string;
  /** What is wrong with its claims and volumes, those kept included. */
  troubles?: readonly Trouble[];
  /** Volumes that earlier claims of the same names have left. */
  left?: readonly { claim: string; volume: VolumeFacts }[];
  /** Volumes whose reclaim policy isn't their class's; absent where it is not known. */
  policies?: readonly OtherPolicy[];
  /** The runs of its backup; absent where it has none. */
  backupRuns?: Runs;
  /** Why the job that removes old files doesn't do its work; absent where it does, or where there is none. */
  cleanupTrouble?: string;
}

/**
 * One row for each claim, in the order of the outputs, each followed by its kept ones. The cluster's values win over
 * the deployed ones.
 */
export function statusRows(services: StackOutputs["services"], facts: ReadonlyMap<string, ServiceFacts>): StatusRow[] {
  return Object.entries(services).flatMap(([name, service]) => {
    const found = facts.get(name) ?? { claims: new Map<string, ClaimFacts>(), pods: undefined };
    const row = (volume: Volume, kept: boolean) => statusRow(name, service, { ...volume, kept }, found);
    return service.claims.flatMap((claim) => [
      row(claim, false),
      ...claim.kept.filter(({ ephemeral }) => !ephemeral).map((volume) => row(volume, true)),
    ]);
  });
}

type Volume = Omit<ServiceOutput["claims"][number], "kept">;

function statusRow(
  name: string,
  service: ServiceOutput,
  volume: Volume & { kept: boolean },
  { claims, pods, moving }: ServiceFacts,
): StatusRow {
  const found = volume.ephemeral ? undefined : claims.get(volume.name);
  const pod = volume.kept ? undefined : pods?.[0];
  const container =
    pod?.spec?.containers.find((candidate) => candidate.name === service.check.container) ?? pod?.spec?.containers[0];
  return {
    service: name,
    namespace: service.namespace,
    kind: service.kind,
    claim: volume.name,
    class: found ? (found.className ?? null) : (volume.class ?? null),
    size: found?.capacity ?? found?.size ?? volume.size,
    phase: volume.ephemeral ? "ephemeral" : claimPhase(found),
    node: pod?.spec?.nodeName ?? null,
    pod: pod?.metadata?.name ?? null,
    image: container?.image ?? service.image,
    standIn: service.standIn,
    generation: volume.generation,
    kept: volume.kept,
    created: found?.created ?? null,
    moving: moving ?? null,
  };
}

function claimPhase(claim: ClaimFacts | undefined): string {
  if (!claim) return "missing";
  return claim.deleting ? "Terminating" : claim.phase;
}

/** A service's pod in a word or two: `ready`, `Running, not ready`, `CrashLoopBackOff` … */
export function podSummary(facts: ServiceFacts | undefined): string {
  if (!facts?.pods) return "no workload";
  const [pod] = facts.pods;
  if (!pod) return "no pod";
  if (isReady(pod)) return "ready";
  const state = podState(pod);
  return state === "Running" ? "Running, not ready" : state;
}
