import type { Rules } from "./rules";

/** The differences between two stacks' configs. Types only. */

/** A map of a stack's config. */
export type Entries = Record<string, unknown>;

/** One place at which two stacks' configs differ. */
export interface Difference {
  /** Below the project's prefix: `services`, `redis`, `image`. */
  path: string[];
  /** Undefined if that stack's config doesn't have the path. */
  from: unknown;
  to: unknown;
  /**
   * intent: the difference is on purpose. carried: the target gets the source's value. left: a person has to decide.
   */
  kind: "intent" | "carried" | "left";
  /** Why the difference is on purpose or left. For a carried one: what else a person has to know. */
  reason?: string;
  /** Keys to write into the map at `path`, if `from` isn't written as it is. */
  edit?: Entries;
}

export interface CompareOptions {
  rules: Rules;
  /** The target's name, for messages. */
  to: string;
  /** If the source is on an earlier volume, the target's data is moved back to its own earlier volume. */
  moveBack: boolean;
}
