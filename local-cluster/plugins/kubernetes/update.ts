import type { UpdateRequest } from "../protocol/provider";
import { redact } from "../protocol/redact";
import { containsUnknown, revealObject, type JsonObject, type Properties } from "../protocol/values";
import { nameOf } from "./annotations";
import { apply, relinquish } from "./apply";
import { awaitReady } from "./awaits/await";
import { checkpoint, parseCheckpoint, type Checkpoint } from "./checkpoint";
import { ApiError, isNotFound, Unreachable } from "./client";
import { UnknownKind } from "./cluster";
import type { Context } from "./context";
import { fieldManagerOf } from "./field-managers";
import { kindOf } from "./kinds";

export async function update(request: UpdateRequest, context: Context): Promise<Properties> {
  const { urn, news, preview } = request;
  if (preview && containsUnknown(news)) return news;
  const old = parseCheckpoint(request.olds, request.oldInputs);
  const object = revealObject(news);
  const manager = fieldManagerOf(object, old.fieldManager);
  try {
    const { previous, changed } = await change(request, object, old, manager, context);
    if (preview) return checkpoint(changed, news, manager);
    if (old.fieldManager !== "" && old.fieldManager !== manager) {
      await relinquish(context.cluster, previous, old.fieldManager);
    }
    const ready = await awaitReady({
      context,
      urn,
      inputs: news,
      created: changed,
      previous,
      timeout: request.timeout,
      manager,
    });
    context.engine.clear(urn);
    return checkpoint(ready, news, manager);
  } catch (error) {
    if (preview && isUntestable(error)) return news;
    if (error instanceof ApiError)
      throw new Error(redact(`${object.kind} ${nameOf(old.live)} was not changed: ${error.message}`, news));
    throw error;
  }
}

async function change(request: UpdateRequest, inputs: JsonObject, old: Checkpoint, manager: string, context: Context) {
  const {
    cluster,
    settings: { enablePatchForce },
  } = context;
  const previous = await cluster.get(old.live).catch((error) => {
    throw isNotFound(error)
      ? new Error(`${String(old.live.kind)} ${nameOf(old.live)} is gone from the cluster; run pulumi refresh`)
      : error;
  });
  const { patch } = kindOf(request.urn, request.news);
  const object = keepIgnored(inputs, previous, request.ignoreChanges);
  const before = revealObject(old.inputs);
  const changed = await apply(cluster, object, previous, {
    manager,
    preview: request.preview,
    enablePatchForce,
    patch,
    before,
  });
  return { previous, changed };
}

// The API server answers 403 to what this user may not do, and to what nobody may do (growing a claim whose class can't
// grow). The official plugin treats both as missing rights for the dry run, and lets the preview pass.
function isUntestable(error: unknown): boolean {
  return (
    (error instanceof ApiError && error.code === 403) || error instanceof UnknownKind || error instanceof Unreachable
  );
}

/** Ignored fields stay as they are in the cluster, no matter who changed them. */
function keepIgnored(inputs: JsonObject, live: JsonObject, ignored: string[]): JsonObject {
  if (ignored.length === 0) return inputs;
  const object = structuredClone(inputs);
  for (const text of ignored) {
    const path = text.split(".");
    const last = path.pop() as string;
    const [target, source] = [object, live].map(
      (root) =>
        path.reduce<unknown>((at, key) => (at as JsonObject | undefined)?.[key], root) as JsonObject | undefined,
    );
    if (target && source && last in source) target[last] = source[last];
  }
  return object;
}
