import { setTimeout as sleep } from "node:timers/promises";
import type { DeleteRequest } from "../protocol/provider";
import { revealObject, type JsonObject } from "../protocol/values";
import { deletionPropagation, metadataOf, nameOf, skipsAwait, timeoutSeconds } from "./annotations";
import { relinquish } from "./apply";
import { idOf, parseCheckpoint } from "./checkpoint";
import { ApiError, isNotFound, Unreachable } from "./client";
import { UnknownKind } from "./cluster";
import type { Context } from "./context";
import { kindOf } from "./kinds";

const defaultTimeoutSeconds = 600;
// Kinds whose skipAwait annotation also covers their deletion, as in the official plugin.
const skippable = new Set([
  "Namespace",
  "Pod",
  "ReplicationController",
  "DaemonSet",
  "Deployment",
  "StatefulSet",
  "Job",
]);

export async function remove(request: DeleteRequest, context: Context): Promise<void> {
  const { live, inputs, fieldManager } = parseCheckpoint(request.state, {});
  try {
    if (kindOf(request.urn, live).patch) await relinquishPatch(live, fieldManager, context);
    else await removeObject(request, live, revealObject(inputs), context);
  } catch (error) {
    if (isNotFound(error) || error instanceof UnknownKind) return;
    if (!(error instanceof Unreachable)) throw error;
    if (!context.settings.deleteUnreachable) throw error;
    context.warnOnce(`${error.message}: its resources are removed from the state only`);
  }
}

async function removeObject(
  request: DeleteRequest,
  live: JsonObject,
  inputs: JsonObject,
  context: Context,
): Promise<void> {
  const { cluster } = context;
  const asked = await cluster.request("DELETE", await cluster.path(live, nameOf(live)), {
    body: { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy: deletionPropagation(inputs) },
  });
  if (live.kind === "CustomResourceDefinition") await cluster.forgetKinds();
  if (skipsAwait(inputs) && skippable.has(String(live.kind))) return;
  // The answer is the object while something still holds it, and a Status when it is gone.
  const uid = asked.kind === "Status" ? undefined : metadataOf(asked).uid;
  await untilGone(request, live, uid, timeoutSeconds(request.timeout, inputs, defaultTimeoutSeconds), context);
  context.engine.clear(request.urn);
}

async function untilGone(
  request: DeleteRequest,
  object: JsonObject,
  uid: unknown,
  seconds: number,
  context: Context,
): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  for (let pause = 100; ; pause = Math.min(pause * 1.5, 1000)) {
    const live = await lookAgain(object, context); // 404 ends the wait
    if (uid !== undefined && metadataOf(live).uid !== uid) return;
    if (context.cancelled.aborted) throw new Error(`the deletion of ${idOf(object)} was cancelled`);
    if (Date.now() >= deadline) throw new Error(stillThere(live, seconds));
    context.engine.status(holders(live) || "Waiting until it is gone", request.urn);
    await sleep(Math.min(pause, Math.max(deadline - Date.now(), 0)), undefined, { ref: true });
  }
}

// The deletion has begun, so an API server that is busy or restarting must not end the wait for it.
async function lookAgain(object: JsonObject, { cluster }: Context): Promise<JsonObject> {
  return cluster.get(object).catch((error) => {
    if (error instanceof Unreachable || (error instanceof ApiError && error.code >= 429)) return object;
    throw error;
  });
}

function stillThere(live: JsonObject, seconds: number): string {
  const why = holders(live);
  return `${String(live.kind)} ${idOf(live)} is still there ${seconds} s after its deletion${why && `: ${why}`}`;
}

function holders(live: JsonObject): string {
  const { finalizers } = metadataOf(live);
  const conditions = (live.status as JsonObject | undefined)?.conditions;
  const blocked = Array.isArray(conditions)
    ? (conditions as JsonObject[]).filter(
        ({ type, status }) => status === "True" && /Remaining|Failure/.test(String(type)),
      )
    : [];
  const reasons = blocked.map(({ message }) => String(message));
  if (Array.isArray(finalizers) && finalizers.length > 0)
    reasons.push(`held by its finalizers ${finalizers.join(", ")}`);
  return reasons.join("; ");
}

async function relinquishPatch(live: JsonObject, manager: string, { cluster }: Context): Promise<void> {
  try {
    await cluster.get(live); // an empty apply would create an object that is gone
    await relinquish(cluster, live, manager);
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 422) throw error;
    throw new Error(
      `${String(live.kind)} ${idOf(live)} would be left without a required field that this Patch resource ` +
        `set: ${error.message}. ` +
        "Set retainOnDelete, or let another manager set the field first.",
    );
  }
}
