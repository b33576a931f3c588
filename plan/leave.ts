import type { Leave } from "../mover/types";
import type { ServiceSpec } from "./spec";
import type { Mount } from "./container-types";
import type { ClaimPlan } from "./storage-types";

/** A claim whose data has to be taken from a running pod says how: the service's own way, or its stand-in's. */
export function withLeave(claim: ClaimPlan, { name, leave }: ServiceSpec, standIn: boolean): ClaimPlan {
  if (claim.move?.kind !== "fill") return claim;
  return { ...claim, move: { ...claim.move, leave: standIn ? standInLeave(name, claim.mounts) : leave?.(claim.mounts) } };
}

/** A stand-in, which has no shell, holds its writes back and prints its archive itself. */
function standInLeave(container: string, mounts: Mount[]): Leave {
  const hold = (seconds: number) => [{ exec: ["/stand-in", "hold", String(seconds)] }];
  const streams = mounts.map(({ path, subPath }) => ({ exec: ["/stand-in", "archive", path], ...(subPath && { into: subPath }) }));
  return { container, begin: hold(600), streams, verify: "again", end: hold(0) };
}
