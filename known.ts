import { backendTypes } from "./backends/catalogue";
import type { Known } from "./model/known";
import { checkIds } from "./preflight/catalogue";
import { catalogue } from "./services/catalogue";

/** What this program knows: the services and backends that lie in their folders, and the checks of both. */
export const known: Known = { services: catalogue, backends: backendTypes, checks: checkIds(backendTypes) };
