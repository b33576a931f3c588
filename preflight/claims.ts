import { volumesOf } from "../plan/claims";
import type { VolumePlan } from "../model/storage";
import type { StoragePlan } from "../model/plan";
import type { ClaimFacts } from "../model/facts";
import { amount } from "../model/quantity";

/** A claim that the update makes or enlarges, and by how many bytes. */
export interface Demand {
  volume: VolumePlan;
  className: string;
  bytes: number;
  isNew: boolean;
}

/** The class that a claim without one gets; "" where the stack has no default. */
export function defaultClass({ backends }: StoragePlan): string {
  return backends.flatMap(({ classes, uses }) => [...classes, ...uses]).find(({ isDefault }) => isDefault)?.name ?? "";
}

/** The storage that the update asks for, beyond what the cluster's claims have. */
export function demands(plan: StoragePlan, claims: ClaimFacts[]): Demand[] {
  // A claim that is being deleted goes with its volume, and the next one needs all of its size.
  const staying = claims.filter(({ deleting }) => !deleting);
  const found = new Map(staying.map((claim) => [`${claim.namespace}/${claim.name}`, claim]));
  return volumesOf(plan.services.flatMap((service) => service.claims)).flatMap((volume) => {
    const there = found.get(`${volume.namespace}/${volume.name}`);
    const bytes = amount(volume.size) - amount(there?.size);
    return bytes > 0
      ? [{ volume, className: there?.className ?? volume.className ?? defaultClass(plan), bytes, isNew: !there }]
      : [];
  });
}
