import type { ZodType } from "zod";
import type { AccessMode, BackendPlan, Fault } from "../plan/types";

/** What a claim on a backend can count on. */
export interface Capabilities {
  /** A bound claim can grow. */
  expand: boolean;
  snapshot: boolean;
  /** The size is enforced and not just a label. */
  enforcesSize: boolean;
}

/** One way to provide volumes. `Config` is its entry in the stack config, checked by `schema`. */
export interface Backend<Config = unknown> {
  type: string;
  schema: ZodType<Config>;
  capabilities: Capabilities;
  accessModes(config: Config): AccessMode[];
  /** Why any other mode is refused: ends the sentence "…, because". */
  accessModeReason: string;
  /** The classes' names, and whether one is the cluster's default. */
  classes(name: string, config: Config): { name: string; isDefault: boolean }[];
  /** What its schema can't see; paths are relative to the entry. */
  check(name: string, config: Config): Fault[];
  plan(name: string, config: Config): BackendPlan;
}
