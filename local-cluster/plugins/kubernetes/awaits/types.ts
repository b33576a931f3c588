import type { JsonObject } from "../../protocol/values";
import type { Context } from "../context";

export interface Observation {
  context: Context;
  live: JsonObject;
  /** The API server's answer to the create or update that is waited for. */
  created: JsonObject;
  /** The object before an update; undefined on create. */
  previous?: JsonObject;
  /** When the wait began, in milliseconds since 1970. */
  since: number;
}

export interface Readiness {
  ready: boolean;
  /** Nothing is missing but the time in which more might come: at the time-out it counts as ready. */
  enough?: boolean;
  /** What is being waited for, in one line. */
  progress: string;
  /** Why waiting longer can't help. */
  failed?: string[];
  /** Why the object is stuck. This is asked only when the wait is over. */
  explain?(): Promise<string[]>;
}

export type ReadinessCheck = (observation: Observation) => Promise<Readiness>;
