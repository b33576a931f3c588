import { newestGood, type ListedPoint } from "./backup";
import type { FillChoice } from "./restore";

/**
 * The newest point of a service that doesn't have far less than those before. Where the service was brought back from
 * a point: the newest of what it had since, and where none was made of that, the point itself; undefined where it isn't
 * there. `points`: all of the repository. `owner`: `project/stack/service`.
 */
export function pointToFill(
  points: readonly ListedPoint[],
  owner: string,
  { restored }: FillChoice = {},
): ListedPoint | undefined {
  const own = pointsOf(points, owner);
  if (!restored) return newestGood(own);
  const since = newestGood(own.filter((point) => highest(point) >= restored.generation));
  if (since) return since;
  const [named, another] = pointsOf(points, restored.of ?? owner).filter(({ id }) => id.startsWith(restored.point));
  return another ? undefined : named;
}

/** The points of a service: `project/stack/service`. */
export const pointsOf = (points: readonly ListedPoint[], owner: string): ListedPoint[] =>
  points.filter(({ stack, service }) => `${stack}/${service}` === owner);

/** A restore brings all volumes of a service to new generations, so the highest of them grows. */
const highest = ({ generation }: ListedPoint) => Math.max(0, ...generation.split("+").map(Number));
