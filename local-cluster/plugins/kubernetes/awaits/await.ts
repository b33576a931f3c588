import { NotReady } from "../../protocol/errors";
import { reveal, type JsonObject, type Properties } from "../../protocol/values";
import { skipsAwait, timeoutSeconds } from "../annotations";
import { checkpoint, idOf } from "../checkpoint";
import { isNotFound } from "../client";
import type { Context } from "../context";
import { kindKey } from "../kinds";
import { awaits, type Await } from "./catalogue";
import { Changes } from "./changes";
import { customReadiness } from "./custom";
import type { Readiness } from "./types";

export interface AwaitOptions {
  context: Context;
  urn: string;
  inputs: Properties;
  /** The API server's answer to the create or update. */
  created: JsonObject;
  /** The object before an update. */
  previous?: JsonObject;
  timeout: number;
  manager: string;
}

/** Waits until the object works. Otherwise throws NotReady with the reasons. */
export async function awaitReady(options: AwaitOptions): Promise<JsonObject> {
  const { context, created } = options;
  const inputs = reveal(options.inputs) as JsonObject;
  const custom = customReadiness(inputs);
  const wait = custom ? { check: custom, limit: 600, onRead: false } : awaitOf(created);
  if (!wait || skipsAwait(inputs)) return created;

  const changes = new Changes(context.cluster, created);
  try {
    return await untilReady(options, wait, changes);
  } finally {
    changes.close();
  }
}

async function untilReady(options: AwaitOptions, wait: Await, changes: Changes): Promise<JsonObject> {
  const { context, urn, inputs } = options;
  const seconds = wait.polled ? wait.limit : timeoutSeconds(options.timeout, reveal(inputs) as JsonObject, wait.limit);
  const started = Date.now();
  let deadline = started + seconds * 1000;
  for (let pause = 200; ; pause = Math.min(pause * 1.2, 1000)) {
    const { live, found } = await look(options, wait, started);
    if (found.ready) return live;
    if (found.failed) throw notReady(options, live, "failed", found.failed);
    if (context.cancelled.aborted) throw notReady(options, live, "was cancelled while waiting");
    if (Date.now() >= deadline) {
      if (found.enough) return live;
      const when = wait.restarts ? `${seconds} s after its last change,` : `after ${seconds} s`;
      throw notReady(options, live, `timed out ${when} waiting to be ready`, await explain(found));
    }
    context.engine.status(found.progress, urn);
    const changed = await changes.wait(Math.max(0, Math.min(pause, deadline - Date.now())));
    if (changed && wait.restarts) deadline = Date.now() + seconds * 1000;
  }
}

async function look(
  { context, created, previous }: AwaitOptions,
  { check, polled }: Await,
  since: number,
): Promise<{ live: JsonObject; found: Readiness }> {
  try {
    const live = await context.cluster.get(created);
    return { live, found: await check({ context, live, created, previous, since }) };
  } catch (error) {
    const { message } = error as Error;
    if (polled) return { live: created, found: { ready: false, progress: "", failed: [message] } };
    // A watch doesn't end because the object goes, or because the API server is busy or restarting: the wait goes on.
    const progress = isNotFound(error) ? "Waiting, though it was deleted" : `Waiting for an answer: ${message}`;
    return { live: created, found: { ready: false, progress } };
  }
}

/** Whether the object works right now. A refresh reports this. */
export async function readiness(
  context: Context,
  urn: string,
  inputs: JsonObject,
  live: JsonObject,
): Promise<{ ready: boolean; messages: string[] }> {
  const wait = awaitOf(live);
  if (!wait?.onRead || skipsAwait(inputs)) return { ready: true, messages: [] };
  const found = await wait.check({ context, live, created: live, previous: live, since: 0 });
  if (found.ready) context.engine.clear(urn);
  if (found.ready) return { ready: true, messages: [] };
  return { ready: false, messages: found.failed ?? (await explain(found)) };
}

function awaitOf(object: JsonObject): Await | undefined {
  const found = awaits[kindKey({ apiVersion: String(object.apiVersion), kind: String(object.kind) })];
  return found?.of?.(object) === false ? undefined : found;
}

async function explain(found: Readiness): Promise<string[]> {
  const details = (await found.explain?.().catch(() => [])) ?? [];
  return [found.progress, ...details];
}

function notReady(options: AwaitOptions, live: JsonObject, what: string, details: string[] = []): NotReady {
  const text = `${String(live.kind)} ${idOf(live)} exists, but ${what}`;
  const outputs = checkpoint(live, options.inputs, options.manager);
  return new NotReady(text, { id: idOf(live), outputs, reasons: details });
}
