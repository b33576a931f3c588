import type { JsonObject } from "../../protocol/values";
import type { Context } from "../context";

export interface Observation {
  context: Context;
  live: JsonObject;
  /** As the API server answered to the create or update that is waited for. */
  created: JsonObject;
  /** As it was before an update; nothing on create. */
  previous?: JsonObject;
  /** When the wait began, in milliseconds since 1970. */
  since: number;
}

export interface Readiness {
  ready: boolean;
  /** What is being waited for, in one line. */
  progress: string;
  /** Why waiting longer can't help. */
  failed?: string[];
  /** What it is stuck on; only asked when the wait is over. */
  explain?(): Promise<string[]>;
}

export type ReadinessCheck = (observation: Observation) => Promise<Readiness>;
