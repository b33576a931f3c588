import type { BeginPlan } from "../model/backups";
import type { FillChoice } from "../model/restore";
import type { ClaimPlan } from "../model/storage";

/** Which point fills a service's new volumes. One that was brought back from a point isn't filled from a newer one. */
export function choiceOf(claims: readonly ClaimPlan[], { fresh, formerly }: BeginPlan): FillChoice | undefined {
  const restored = fresh ? undefined : restoredFrom(claims);
  if (!fresh && !restored && formerly === undefined) return undefined;
  return {
    ...(restored && { restored }),
    ...(fresh && { mayBeEmpty: true as const }),
    ...(formerly !== undefined && { formerly }),
  };
}

function restoredFrom(claims: readonly ClaimPlan[]): FillChoice["restored"] {
  const restored = claims.flatMap(({ generation, move }) =>
    move?.restore ? [{ generation, point: move.restore.point, of: move.restore.of }] : [],
  );
  const [first] = restored;
  if (!first) return undefined;
  const { point, of } = first;
  const generation = Math.max(...restored.map((each) => each.generation));
  return { point, ...(of !== undefined && { of }), generation };
}
