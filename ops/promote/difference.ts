import type { Rules } from "./rules";

/** What two stacks' configs differ in. Types only. */

/** A map of a stack's config. */
export type Entries = Record<string, unknown>;

/** One place at which two stacks' configs differ. */
export interface Difference {
  /** Below the project's prefix: `services`, `redis`, `image`. */
  path: string[];
  /** Undefined: not said there. */
  from: unknown;
  to: unknown;
  /** intent: on purpose. carried: the target gets it. left: a person has to decide. */
  kind: "intent" | "carried" | "left";
  /** Why it is on purpose or left; of what is carried, what else there is to know. */
  reason?: string;
  /** Keys to write into the map at `path`, where it isn't the value itself. */
  edit?: Entries;
}

export interface CompareOptions {
  rules: Rules;
  /** The target's name, for what a person reads. */
  to: string;
  /** Data is moved back to an earlier volume where the source is on that. */
  moveBack: boolean;
}
