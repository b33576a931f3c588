import type { Backend } from "./backend";
import type { NodeType } from "./node-preparation";
import type { ServiceSpec } from "./service-spec";

/** Everything that a stack's config can name. */
export interface Known {
  /** By name. */
  services: ReadonlyMap<string, ServiceSpec>;
  /** By type. */
  backends: ReadonlyMap<string, Backend>;
  /** Types of nodes that can be prepared, by type. */
  nodes: ReadonlyMap<string, NodeType>;
  /** Ids of the checks that `preflight.skip` can name. */
  checks: readonly string[];
}
