import { backendTypes } from "./backends/catalogue";
import type { Known } from "./model/known";
import { nodeTypes } from "./nodes/catalogue";
import { checkIds } from "./preflight/catalogue";
import { catalogue } from "./services/catalogue";

/** Everything that a stack's config can name: the services, the backends, the types of nodes, preflight's checks. */
export const known: Known = {
  services: catalogue,
  backends: backendTypes,
  nodes: nodeTypes,
  checks: checkIds(backendTypes),
};
