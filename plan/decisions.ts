import type { ClaimDecision, ClaimRequest } from "../model/backend";
import type { KnownClass } from "./classes";
import type { PlacementConfig } from "../model/config";
import type { Fault } from "../model/plan";

/** What a backend says of a claim that would go there, with the paths that a person knows. */
export interface Decision {
  settings: NonNullable<ClaimDecision["settings"]>;
  faults: Fault[];
  warnings: string[];
}

/** Asks the claim's backend, which knows what an engine may be given and what is there for the claim. */
export function decide(
  known: KnownClass | undefined,
  request: Omit<ClaimRequest, "class" | "backend">,
  config: PlacementConfig,
  path: string,
): Decision {
  const {
    settings = {},
    refusal,
    warning,
  } = known?.decide({ ...request, class: known.name, backend: known.backend }) ?? {};
  const field = refusal?.field ?? (config.class === undefined ? "backend" : "class");
  return {
    settings,
    faults: refusal ? [{ path: `${path}.${field}`, message: refusal.message }] : [],
    warnings: warning ? [`${path}: ${warning}`] : [],
  };
}
