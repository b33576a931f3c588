import { backendTypes } from "./backends/catalogue";
import type { Known } from "./model/known";
import { checkIds } from "./preflight/catalogue";
import { catalogue } from "./services/catalogue";

/** Everything that a stack's config can name: the services, the backends, and the checks of preflight. */
export const known: Known = { services: catalogue, backends: backendTypes, checks: checkIds(backendTypes) };
