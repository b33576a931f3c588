import { NotReady } from "../../protocol/errors";
import { reveal, type JsonObject, type Properties } from "../../protocol/values";
import { skipsAwait, timeoutSeconds } from "../annotations";
import { checkpoint, idOf } from "../checkpoint";
import { isNotFound } from "../client";
import type { Context } from "../context";
import { kindKey } from "../kinds";
import { Changes } from "./changes";
import { customReadiness } from "./custom";
import { daemonSet } from "./daemon-set";
import { deployment } from "./deployment";
import { job } from "./job";
import { pod } from "./pod";
import { service } from "./service";
import { statefulSet } from "./stateful-set";
import type { Readiness, ReadinessCheck } from "./types";
import { claim, volume } from "./volumes";

interface Await {
  check: ReadinessCheck;
  /** Default limit in seconds. */
  limit: number;
  /** Whether a refresh checks the readiness too. */
  onRead: boolean;
}

const awaits: Record<string, Await> = {
  "apps/v1/DaemonSet": { check: daemonSet, limit: 600, onRead: true },
  "apps/v1/Deployment": { check: deployment, limit: 600, onRead: true },
  "apps/v1/StatefulSet": { check: statefulSet, limit: 600, onRead: true },
  "batch/v1/Job": { check: job, limit: 600, onRead: true },
  "v1/PersistentVolume": { check: volume, limit: 300, onRead: false },
  "v1/PersistentVolumeClaim": { check: claim, limit: 300, onRead: false },
  "v1/Pod": { check: pod, limit: 600, onRead: true },
  "v1/Service": { check: service, limit: 600, onRead: true },
};

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
  const wait = awaitOf(created);
  const custom = customReadiness(inputs);
  const check = custom ?? wait?.check;
  if (!check || skipsAwait(inputs)) return created;

  const changes = new Changes(context.cluster, created);
  try {
    return await untilReady(options, check, timeoutSeconds(options.timeout, inputs, wait?.limit ?? 600), changes);
  } finally {
    changes.close();
  }
}

async function untilReady(
  options: AwaitOptions,
  check: ReadinessCheck,
  seconds: number,
  changes: Changes,
): Promise<JsonObject> {
  const { context } = options;
  const started = Date.now();
  const deadline = started + seconds * 1000;
  for (let pause = 200; ; pause = Math.min(pause * 1.2, 1000)) {
    const { live, found } = await look(options, check, started);
    if (found.ready) return live;
    if (found.failed) throw notReady(options, live, "failed", found.failed);
    if (context.cancelled.aborted) throw notReady(options, live, "was cancelled while waiting");
    if (Date.now() >= deadline)
      throw notReady(options, live, `timed out after ${seconds} s waiting to be ready`, await explain(found));
    context.engine.status(found.progress, options.urn);
    await changes.wait(Math.max(0, Math.min(pause, deadline - Date.now())));
  }
}

async function look(
  { context, created, previous }: AwaitOptions,
  check: ReadinessCheck,
  since: number,
): Promise<{ live: JsonObject; found: Readiness }> {
  try {
    const live = await context.cluster.get(created);
    return { live, found: await check({ context, live, created, previous, since }) };
  } catch (error) {
    if (isNotFound(error))
      return { live: created, found: { ready: false, progress: "", failed: ["someone else deleted it"] } };
    // The object exists and has to be recorded, so an API server that is busy or restarting must not end the wait.
    return { live: created, found: { ready: false, progress: `Waiting for an answer: ${(error as Error).message}` } };
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
  context.engine.status("", urn);
  if (found.ready) return { ready: true, messages: [] };
  return { ready: false, messages: found.failed ?? (await explain(found)) };
}

function awaitOf({ apiVersion, kind }: JsonObject): Await | undefined {
  return awaits[kindKey({ apiVersion: String(apiVersion), kind: String(kind) })];
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
