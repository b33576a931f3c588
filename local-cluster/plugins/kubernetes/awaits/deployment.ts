import type { JsonObject } from "../../protocol/values";
import { annotation, nameOf, namespaceOf } from "../annotations";
import { condition, count, field, holds, isObserved, isOwnedBy, items, uidOf } from "./fields";
import { podTroubles } from "./trouble";
import type { Observation, Readiness } from "./types";

const revisionKey = "deployment.kubernetes.io/revision";

/** Ready: it is available, its newest ReplicaSet is rolled out, and every claim that it mounts is bound. */
export async function deployment({ context, live }: Observation): Promise<Readiness> {
  if (!isObserved(live)) return { ready: false, progress: "Waiting for the Deployment controller" };
  const namespace = namespaceOf(live);
  const revision = annotation(live, revisionKey);
  const sets = await context.cluster.list("apps/v1", "ReplicaSet", namespace);
  const current = sets.find((set) => isOwnedBy(set, uidOf(live)) && annotation(set, revisionKey) === revision);
  const explain = async (): Promise<string[]> => [
    ...unmet(live),
    ...(current ? await podTroubles(context, current) : []),
  ];
  if (!current) return { ready: false, progress: "Waiting for the Deployment's ReplicaSet", explain };

  const wanted = count(current, "spec", "replicas");
  const ready = count(current, "status", "readyReplicas");
  const progress = `Waiting for the Deployment's pods (${ready} of ${wanted} ready)`;
  // The first revision is created, not rolled out, so it has no rollout to complete.
  const rolledOut = revision === "1" || isRolledOut(live);
  if (!holds(live, "Available") || !rolledOut || ready < wanted) return { ready: false, progress, explain };

  const unbound = await unboundClaims(live, context);
  return unbound.length === 0
    ? { ready: true, progress: "" }
    : { ready: false, progress: `Waiting for claims to be bound: ${unbound.join(", ")}`, explain };
}

function isRolledOut(live: JsonObject): boolean {
  const progressing = condition(live, "Progressing");
  return progressing?.status === "True" && progressing.reason === "NewReplicaSetAvailable";
}

/** The official plugin tells of these two conditions, not of ReplicaFailure. */
function unmet(live: JsonObject): string[] {
  return items(live, "status", "conditions")
    .filter(({ type, status }) => (type === "Progressing" || type === "Available") && status !== "True")
    .map(({ reason, message }) => `[${String(reason)}] ${String(message)}`);
}

async function unboundClaims(live: JsonObject, context: Observation["context"]): Promise<string[]> {
  const names = items(live, "spec", "template", "spec", "volumes")
    .map((volume) => field(volume, "persistentVolumeClaim", "claimName"))
    .filter((name) => typeof name === "string");
  if (names.length === 0) return [];
  const claims = await context.cluster.list("v1", "PersistentVolumeClaim", namespaceOf(live));
  return claims
    .filter((claim) => names.includes(nameOf(claim)) && field(claim, "status", "phase") !== "Bound")
    .map((claim) => `${nameOf(claim)} (${String(field(claim, "status", "phase"))})`);
}
