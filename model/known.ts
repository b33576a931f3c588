import type { Backend } from "./backend";
import type { ServiceSpec } from "./service-spec";

/** Everything that a stack's config can name. */
export interface Known {
  /** By name. */
  services: ReadonlyMap<string, ServiceSpec>;
  /** By type. */
  backends: ReadonlyMap<string, Backend>;
  /** Ids of the checks that `preflight.skip` can name. */
  checks: readonly string[];
}
