import { randomBytes } from "node:crypto";
import type { Api } from "../wire/api";

/** What is told as an event. */
export interface Told {
  type: "Normal" | "Warning";
  reason: string;
  message: string;
}

/** Whom an event is of. */
export interface Involved {
  apiVersion: string;
  kind: string;
  name: string;
  namespace: string;
}

/** Tells something as an event of an object, in its namespace. `source`: the pod that tells it. Throws as the API. */
export async function tellEvent(
  api: Api,
  involvedObject: Involved,
  { type, reason, message }: Told,
  source: string,
): Promise<void> {
  const { name, namespace } = involvedObject;
  const now = new Date().toISOString();
  await api.create(
    { path: `/api/v1/namespaces/${namespace}/events` },
    {
      apiVersion: "v1",
      kind: "Event",
      metadata: { name: `${name}.${randomBytes(8).toString("hex")}`, namespace },
      involvedObject,
      type,
      reason,
      // The API refuses longer ones.
      message: message.slice(0, 1000),
      source: { component: source },
      firstTimestamp: now,
      lastTimestamp: now,
      count: 1,
    },
  );
}
