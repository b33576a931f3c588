import type { ClaimDecision, ClaimRequest } from "../model/backend";
import type { KnownClass } from "./classes";
import type { PlacementConfig } from "../model/config";
import { volumePath, type VolumePlace } from "../model/config-path";
import type { Fault } from "../model/plan";

/** What a backend says of a claim that would go there, with paths in the stack config. */
export interface Decision {
  settings: NonNullable<ClaimDecision["settings"]>;
  faults: Fault[];
  warnings: string[];
}

const aboutPlacement = ["class", "backend", "node"];

/** Asks the claim's backend, and gives it what the service's engine tolerates and which volumes exist for the claim. */
export function decide(
  known: KnownClass | undefined,
  request: Omit<ClaimRequest, "class" | "backend">,
  config: PlacementConfig,
  at: VolumePlace,
): Decision {
  const {
    settings = {},
    refusal,
    warning,
  } = known?.decide({ ...request, class: known.name, backend: known.backend }) ?? {};
  const field = refusal?.field ?? (config.class === undefined ? "backend" : "class");
  return {
    settings,
    faults: refusal
      ? [
          {
            path: volumePath(at, field),
            message: refusal.message,
            ...(aboutPlacement.includes(field) && { about: "placement" }),
          },
        ]
      : [],
    warnings: warning ? [`${volumePath(at)}: ${warning}`] : [],
  };
}
