import type { JsonObject } from "../../protocol/values";
import { nameOf, namespaceOf } from "../annotations";
import type { Context } from "../context";
import { condition, field, holds, isOwnedBy, items, uidOf } from "./fields";

/**
 * Why the pods of an owner (a ReplicaSet, StatefulSet, Job ...) are stuck, as far as the official plugin says it: from
 * the pods' own states. It tells nobody of events, and not why a pod has no node.
 */
export async function podTroubles(context: Context, owner: JsonObject): Promise<string[]> {
  const pods = await context.cluster.list("v1", "Pod", namespaceOf(owner));
  return [...new Set(pods.filter((pod) => isOwnedBy(pod, uidOf(owner))).flatMap(podTrouble))];
}

/** Why one pod that has a node is not ready: its first condition that doesn't hold, with its containers' states. */
export function podTrouble(pod: JsonObject): string[] {
  if (!holds(pod, "PodScheduled")) return [];
  const unmet = ["Initialized", "Ready"].find((type) => !holds(pod, type));
  const found = unmet && condition(pod, unmet);
  if (!found || (unmet === "Ready" && field(pod, "status", "phase") === "Succeeded")) return [];
  const said = found.reason && found.message ? [String(found.message)] : [];
  const containers = items(pod, "status", "containerStatuses").filter(({ ready }) => ready !== true);
  return [...said, ...containers.flatMap(containerTrouble)].map((line) => `[Pod ${nameOf(pod)}]: ${line}`);
}

function containerTrouble(container: JsonObject): string[] {
  const where = `container ${String(container.name)}`;
  const [waiting, ended, before] = [
    field(container, "state", "waiting"),
    field(container, "state", "terminated"),
    field(container, "lastState", "terminated"),
  ] as (JsonObject | undefined)[];
  return [
    ...(waiting && waiting.reason !== "ContainerCreating" ? [`${where} is waiting: ${text(waiting)}`] : []),
    ...[ended, before].flatMap((state) =>
      state?.reason ? [`${where} exited with ${String(state.exitCode)}: ${text(state)}`] : [],
    ),
  ];
}

function text({ reason, message }: JsonObject): string {
  return [reason, message].filter(Boolean).map(String).join(": ");
}
