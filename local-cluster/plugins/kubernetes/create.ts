import type { CreateRequest } from "../protocol/provider";
import { redact } from "../protocol/redact";
import { containsUnknown, revealObject, type JsonObject, type Properties } from "../protocol/values";
import { nameOf } from "./annotations";
import { apply } from "./apply";
import { awaitReady } from "./awaits/await";
import { checkpoint, idOf } from "./checkpoint";
import { ApiError, isNotFound, Unreachable } from "./client";
import { UnknownKind } from "./cluster";
import type { Context } from "./context";
import { creator, fieldManagerOf } from "./field-managers";
import { kindOf } from "./kinds";
import { isRelease, previewRelease } from "./release";

export async function create(request: CreateRequest, context: Context): Promise<{ id: string; outputs: Properties }> {
  const { urn, inputs, preview } = request;
  if (isRelease(urn)) return previewRelease(request, context);
  const kind = kindOf(urn, inputs);
  if (preview) return { id: "", outputs: await dryRun(request, kind.patch, context) };

  const object = revealObject(inputs);
  const manager = fieldManagerOf(object);
  let created: JsonObject;
  try {
    created = kind.patch ? await createPatch(object, manager, context) : await createObject(object, context);
  } catch (error) {
    throw new Error(redact(`${kind.kind} ${nameOf(object)} was not created: ${(error as Error).message}`, inputs));
  }
  if (kind.kind === "CustomResourceDefinition") await context.cluster.forgetKinds();
  context.engine.clear(urn);
  const ready = await awaitReady({ context, urn, inputs, created, timeout: request.timeout, manager });
  context.engine.clear(urn);
  return { id: idOf(ready), outputs: checkpoint(ready, inputs, manager) };
}

// Inputs that can't be tried yet are returned as they are, so the engine knows as much as the program says.
async function dryRun(request: CreateRequest, patch: boolean, context: Context): Promise<Properties> {
  const { inputs, urn } = request;
  if (patch || containsUnknown(inputs)) return inputs;
  const object = revealObject(inputs);
  try {
    const { status: _, ...created } = await post(object, context, true);
    context.engine.clear(urn);
    return checkpoint(created, inputs, fieldManagerOf(object));
  } catch (error) {
    if (error instanceof Unreachable) {
      context.warnOnce(`${error.message}: this preview was made without the cluster`);
    } else if (!isTolerable(error)) {
      throw new Error(redact(`${urn}: the API server refuses it: ${(error as Error).message}`, inputs));
    }
    return inputs;
  }
}

/**
 * Errors of a dry run that do not predict an error of the update: the user has no right to try, the object that will be
 * replaced still exists, its namespace or kind does not exist yet, or an admission webhook can't do dry runs.
 */
function isTolerable(error: unknown): boolean {
  if (error instanceof UnknownKind) return true;
  if (!(error instanceof ApiError)) return false;
  if (error.code === 403 || error.code === 404) return true;
  return error.code === 409 || (error.code === 400 && error.message.includes("does not support dry run"));
}

async function post(object: JsonObject, context: Context, preview: boolean): Promise<JsonObject> {
  return context.cluster.request("POST", await context.cluster.path(object), {
    query: { fieldManager: creator, dryRun: preview ? "All" : undefined },
    body: object,
  });
}

async function createObject(object: JsonObject, context: Context): Promise<JsonObject> {
  const { default: retry, AbortError } = await import("p-retry");
  // A namespace or a CustomResourceDefinition of the same update may need a moment until the API server knows it.
  return retry(
    async () => {
      try {
        return await post(object, context, false);
      } catch (error) {
        if (isNotFound(error) || error instanceof UnknownKind) throw error;
        throw new AbortError(explained(error as Error));
      }
    },
    { retries: 5, factor: 2, minTimeout: 500, signal: context.cancelled },
  );
}

function explained(error: Error): Error {
  if (!(error instanceof ApiError) || error.reason !== "AlreadyExists") return error;
  return new Error(
    `${error.message}\n` +
      "It was made by someone else, by an update that was interrupted, or by this stack under another logical name. " +
      "Give the renamed resource an alias, take the object into the state " +
      "(pulumi refresh --import-pending-creates, pulumi import), or choose another name.",
  );
}

async function createPatch(object: JsonObject, manager: string, context: Context): Promise<JsonObject> {
  const live = await context.cluster.get(object).catch((error) => {
    throw isNotFound(error)
      ? new Error("a Patch resource sets fields of an object that exists, and this one does not")
      : error;
  });
  const { enablePatchForce } = context.settings;
  return apply(context.cluster, object, live, { manager, preview: false, enablePatchForce, patch: true });
}
