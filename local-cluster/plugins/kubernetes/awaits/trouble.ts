import type { JsonObject } from "../../protocol/values";
import { nameOf, namespaceOf } from "../annotations";
import type { Context } from "../context";
import { condition, field, isOwnedBy, items, uidOf } from "./fields";

/** Why the pods of an owner (a ReplicaSet, StatefulSet, Job ...) are stuck, from their state and their events. */
export async function podTroubles(context: Context, owner: JsonObject): Promise<string[]> {
  const namespace = namespaceOf(owner);
  const pods = await context.cluster.list("v1", "Pod", namespace);
  const owned = pods.filter((pod) => isOwnedBy(pod, uidOf(owner)));
  const [stuck, events] = [owned.flatMap(podTrouble), await warnings(context, [owner, ...owned])];
  return [...new Set([...stuck, ...events])];
}

/** Reasons why one pod is not ready: scheduling, and each container's waiting or exit reason. */
export function podTrouble(pod: JsonObject): string[] {
  const scheduled = condition(pod, "PodScheduled");
  const unscheduled = scheduled?.status === "False" ? [`[Pod ${nameOf(pod)}]: ${text(scheduled)}`] : [];
  const containers = [...items(pod, "status", "initContainerStatuses"), ...items(pod, "status", "containerStatuses")];
  return [...unscheduled, ...containers.flatMap((container) => containerTrouble(pod, container))];
}

function containerTrouble(pod: JsonObject, container: JsonObject): string[] {
  const where = `[Pod ${nameOf(pod)}]: container ${String(container.name)}`;
  const waiting = field(container, "state", "waiting") as JsonObject | undefined;
  const ended = (field(container, "state", "terminated") ?? field(container, "lastState", "terminated")) as
    JsonObject | undefined;
  const lines = [];
  if (waiting && waiting.reason !== "ContainerCreating" && waiting.reason !== "PodInitializing")
    lines.push(`${where} is waiting: ${text(waiting)}`);
  if (ended && ended.exitCode !== 0) lines.push(`${where} exited with ${String(ended.exitCode)}: ${text(ended)}`);
  return lines;
}

/** Warning events about these objects, only the newest one for each reason. */
export async function warnings(context: Context, objects: JsonObject[]): Promise<string[]> {
  const uids = new Set(objects.map(uidOf));
  const namespace = namespaceOf(objects[0]);
  const events = await context.cluster.list("v1", "Event", namespace, { fieldSelector: "type=Warning" });
  const own = events.filter((event) => uids.has(field(event, "involvedObject", "uid")));
  const lines = own.map((event) => {
    const object = event.involvedObject as JsonObject;
    return [
      `${String(object.name)} ${String(event.reason)}`,
      `[${String(object.kind)} ${String(object.name)}]: ${text(event)}`,
    ] as const;
  });
  return [...new Map(lines).values()].slice(-10);
}

function text({ reason, message }: JsonObject): string {
  return [reason, message].filter(Boolean).map(String).join(": ");
}
