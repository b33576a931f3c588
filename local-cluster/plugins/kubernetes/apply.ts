import type { JsonObject } from "../protocol/values";
import { forcesPatch, nameOf } from "./annotations";
import { ApiError } from "./client";
import type { Cluster } from "./cluster";
import { mergePatch } from "./merge-patch";
import { adoption, willBeAdopted } from "./field-managers";

export interface ApplyOptions {
  manager: string;
  preview: boolean;
  enablePatchForce: boolean;
  /** A Patch resource sets fields of an object that someone else owns. The object's other managers stay as they are. */
  patch: boolean;
  /** Inputs of the last update. */
  before?: JsonObject;
}

/** Server-side apply onto an existing object; a dry run in a preview. Setting another manager's fields is an error. */
export async function apply(
  cluster: Cluster,
  object: JsonObject,
  live: JsonObject,
  options: ApplyOptions,
): Promise<JsonObject> {
  const { manager, preview, patch } = options;
  if (!preview && !patch) await adopt(cluster, live, manager);
  const unadopted = preview && !patch && willBeAdopted(live);
  const force = forcesPatch(object) || options.enablePatchForce || unadopted;
  try {
    return await send(cluster, object, { manager, preview, force });
  } catch (error) {
    if (unadopted && error instanceof ApiError && error.code === 422) return tryMerge(cluster, object, options.before);
    if (error instanceof ApiError && error.code === 409) throw conflict(error, object, manager);
    throw error;
  }
}

/** Gives up every field that `manager` holds. Fields that nobody else holds go back to their defaults. */
export async function relinquish(cluster: Cluster, object: JsonObject, manager: string): Promise<void> {
  const { apiVersion, kind } = object;
  const metadata: JsonObject = { name: nameOf(object) };
  await send(cluster, { apiVersion, kind, metadata }, { manager, preview: false, force: false }, object);
}

async function send(
  cluster: Cluster,
  object: JsonObject,
  { manager, preview, force }: { manager: string; preview: boolean; force: boolean },
  target = object,
): Promise<JsonObject> {
  return cluster.request("PATCH", await cluster.path(target, nameOf(target)), {
    contentType: "application/apply-patch+yaml", // JSON is YAML
    query: { fieldManager: manager, force: String(force), dryRun: preview ? "All" : undefined },
    body: object,
  });
}

// Until the earlier managers' fields are taken over, a dry run of an apply keeps list elements that the real one
// removes (a Service would have its old port and its new one). So the API server may refuse the dry run without need.
// A merge of the changes shows whether the object is really wrong.
async function tryMerge(cluster: Cluster, object: JsonObject, before: JsonObject = {}): Promise<JsonObject> {
  return cluster.request("PATCH", await cluster.path(object, nameOf(object)), {
    contentType: "application/merge-patch+json",
    query: { dryRun: "All" },
    body: mergePatch(before, object),
  });
}

async function adopt(cluster: Cluster, live: JsonObject, manager: string): Promise<void> {
  for (let attempt = 0, current = live; attempt < 5; attempt++, current = await cluster.get(live)) {
    const body = adoption(current, manager);
    if (!body) return;
    try {
      await cluster.request("PATCH", await cluster.path(live, nameOf(live)), {
        contentType: "application/json-patch+json",
        body,
      });
      return;
    } catch (error) {
      // A controller has changed the object in between, so look again.
      const changed = error instanceof ApiError && [409, 422].includes(error.code);
      if (!changed || attempt === 4) throw error;
    }
  }
}

function conflict(error: ApiError, object: JsonObject, manager: string): Error {
  return new Error(
    `${error.message}\n` +
      `Someone else set these fields of ${String(object.kind)} ${nameOf(object)} (they conflict with field ` +
      `manager "${manager}"). ` +
      'Leave them out of the program, or take them over with the annotation pulumi.com/patchForce: "true".',
  );
}
