import { decideAdoption } from "../../../ops/adopt/decide";
import { describeFaults } from "../../../ops/adopt/print";
import type { PodFacts } from "../../../model/facts";
import type { Facts, Planned, Verdict } from "../../../ops/adopt/types";
import { claim, claimSpec, deployment, facts, live, planned, pod, stack, workloadSpec } from "./objects";

/** What is decided about one planned resource, with the reason where there is one. */
export function outcome(resource: Planned, has: Facts, recorded: Planned[] = []): string {
  const verdicts = decideAdoption(recorded.includes(resource) ? [] : [resource], recorded, has, stack);
  return verdicts.map(brief).join(" | ") || "nothing";
}

function brief(verdict: Verdict): string {
  if (verdict.action === "refuse") return describeFaults([verdict]).join(" | ");
  if (verdict.action === "replace") return `replace: ${verdict.why}`;
  if (verdict.action === "restore") return `restore: ${verdict.volume}`;
  if (["rescue", "resume", "forget"].includes(verdict.action)) return verdict.action;
  return ["adopt", ...("notes" in verdict ? verdict.notes : [])].join(": ");
}

export const of = (resource: Planned, more: Record<string, unknown> = {}) => facts([[resource, live(resource, more)]]);

export const claimIs = (spec: object, more: Record<string, unknown> = {}) =>
  of(claim, { spec: claimSpec(spec), ...more });

export const podIs = (changes: Parameters<typeof pod>[0], more: object = {}) =>
  of(deployment, { spec: workloadSpec({ template: pod(changes), ...more }) });

export const at = "PersistentVolumeClaim data/redis-data:";

export const service = planned("Service", "redis", { spec: { ports: [{ port: 6379 }] } });

export const headless = planned("Service", "redis-headless", { spec: { clusterIP: "None" } });

export const statefulSet = planned("StatefulSet", "redis", { spec: workloadSpec({ serviceName: "redis-headless" }) });

export const inMemory = pod({ volume: { emptyDir: { sizeLimit: "1Gi" } } });

export const ephemeral = planned("Deployment", "redis", { spec: workloadSpec({ template: inMemory }) });

export const user = (more: Partial<PodFacts> = {}): PodFacts => ({
  namespace: "data",
  pod: "cache-1",
  claims: ["redis-data"],
  ...more,
});
