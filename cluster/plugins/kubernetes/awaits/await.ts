import { setTimeout as sleep } from "node:timers/promises";
import { NotReady } from "../../protocol/errors";
import { reveal, type JsonObject, type Properties } from "../../protocol/values";
import { skipsAwait, timeoutSeconds } from "../annotations";
import { checkpoint, idOf } from "../checkpoint";
import { isNotFound } from "../client";
import type { Context } from "../context";
import { kindKey } from "../kinds";
import { customReadiness } from "./custom";
import { daemonSet } from "./daemonSet";
import { deployment } from "./deployment";
import { job } from "./job";
import { pod } from "./pod";
import { service } from "./service";
import { statefulSet } from "./statefulSet";
import type { Observation, Readiness, ReadinessCheck } from "./types";
import { claim, volume } from "./volumes";

interface Await {
  check: ReadinessCheck;
  /** Default limit in seconds. */
  limit: number;
  /** Whether a refresh looks at the readiness too. */
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
  /** What the API server answered to the create or update. */
  created: JsonObject;
  /** The object before an update. */
  previous?: JsonObject;
  timeout: number;
  manager: string;
}

/** Waits until the object works; throws NotReady with what it is stuck on. */
export async function awaitReady(options: AwaitOptions): Promise<JsonObject> {
  const { context, created, previous } = options;
  const inputs = reveal(options.inputs) as JsonObject;
  const wait = awaitOf(created);
  const custom = customReadiness(inputs);
  const check = custom ?? wait?.check;
  if (!check || skipsAwait(inputs)) return created;

  const seconds = timeoutSeconds(options.timeout, inputs, wait?.limit ?? 600);
  const started = Date.now();
  const deadline = started + seconds * 1000;
  for (let pause = 200; ; pause = Math.min(pause * 1.2, 1000)) {
    const observation: Observation = { context, live: await current(options), created, previous, since: started };
    const found = await check(observation);
    if (found.ready) return observation.live;
    if (found.failed) throw notReady(options, observation.live, "failed", found.failed);
    if (context.cancelled.aborted) throw notReady(options, observation.live, "was cancelled while waiting");
    if (Date.now() >= deadline) throw await timedOut(options, observation, found, seconds);
    context.engine.status(found.progress, options.urn);
    await sleep(Math.max(0, Math.min(pause, deadline - Date.now())));
  }
}

/** Whether the object works right now: what a refresh reports. */
export async function readiness(context: Context, urn: string, inputs: JsonObject, live: JsonObject): Promise<{ ready: boolean; messages: string[] }> {
  const wait = awaitOf(live);
  if (!wait?.onRead || skipsAwait(inputs)) return { ready: true, messages: [] };
  const found = await wait.check({ context, live, created: live, previous: live, since: 0 });
  context.engine.status("", urn);
  if (found.ready) return { ready: true, messages: [] };
  return { ready: false, messages: found.failed ?? await explain(found) };
}

function awaitOf({ apiVersion, kind }: JsonObject): Await | undefined {
  return awaits[kindKey({ apiVersion: String(apiVersion), kind: String(kind) })];
}

async function current({ context, created, inputs, manager }: AwaitOptions): Promise<JsonObject> {
  try {
    return await context.cluster.get(created);
  } catch (error) {
    const reason = isNotFound(error) ? "was deleted by someone else while waiting" : (error as Error).message;
    const text = `${String(created.kind)} ${idOf(created)}: ${reason}`;
    throw new NotReady(text, { id: idOf(created), outputs: checkpoint(created, inputs, manager), reasons: [] });
  }
}

async function timedOut(options: AwaitOptions, { live }: Observation, found: Readiness, seconds: number): Promise<NotReady> {
  const details = await explain(found);
  return notReady(options, live, `timed out after ${seconds} s waiting to be ready`, details);
}

async function explain(found: Readiness): Promise<string[]> {
  const details = await found.explain?.().catch(() => []) ?? [];
  return [found.progress, ...details];
}

function notReady(options: AwaitOptions, live: JsonObject, what: string, details: string[] = []): NotReady {
  const text = `${String(live.kind)} ${idOf(live)} exists, but ${what}`;
  const outputs = checkpoint(live, options.inputs, options.manager);
  return new NotReady(text, { id: idOf(live), outputs, reasons: details });
}
