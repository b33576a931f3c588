import type { V1PersistentVolumeClaim, V1Pod } from "@kubernetes/client-node";
import { isReady } from "../kube/pods";
import { podState } from "../kube/stuck";
import type { ServiceOutput, StackOutputs } from "../outputs";

/** One claim of one service; the keys are those of `npm run status -- --json`. Null: the cluster has no such thing. */
export interface StatusRow {
  service: string;
  namespace: string;
  kind: string;
  claim: string;
  /** Null: neither the claim nor the cluster names one. */
  class: string | null;
  size: string;
  /** The claim's: Bound, Pending, Lost, or `missing`. */
  phase: string;
  node: string | null;
  pod: string | null;
  image: string;
  standIn: boolean;
}

/** What the cluster has of one service. */
export interface ServiceFacts {
  /** By claim name; absent: there is no such claim. */
  claims: ReadonlyMap<string, V1PersistentVolumeClaim>;
  /** Newest first; undefined: there is no such workload. */
  pods: readonly V1Pod[] | undefined;
}

/** A row a claim, in the order of the outputs. What the cluster says wins over what was deployed. */
export function statusRows(services: StackOutputs["services"], facts: ReadonlyMap<string, ServiceFacts>): StatusRow[] {
  return Object.entries(services).flatMap(([name, service]) => {
    const { claims, pods } = facts.get(name) ?? { claims: new Map<string, V1PersistentVolumeClaim>(), pods: undefined };
    return service.claims.map((claim) => statusRow(name, service, claim, claims.get(claim.name), pods?.[0]));
  });
}

function statusRow(name: string, service: ServiceOutput, claim: ServiceOutput["claims"][number], found?: V1PersistentVolumeClaim, pod?: V1Pod): StatusRow {
  const container = pod?.spec?.containers.find((candidate) => candidate.name === service.check.container) ?? pod?.spec?.containers[0];
  return {
    service: name,
    namespace: service.namespace,
    kind: service.kind,
    claim: claim.name,
    class: found ? (found.spec?.storageClassName ?? null) : (claim.class ?? null),
    size: found?.status?.capacity?.storage ?? found?.spec?.resources?.requests?.storage ?? claim.size,
    phase: claimPhase(found),
    node: pod?.spec?.nodeName ?? null,
    pod: pod?.metadata?.name ?? null,
    image: container?.image ?? service.image,
    standIn: service.standIn,
  };
}

function claimPhase(claim: V1PersistentVolumeClaim | undefined): string {
  if (!claim) return "missing";
  return claim.metadata?.deletionTimestamp ? "Terminating" : (claim.status?.phase ?? "unknown");
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
