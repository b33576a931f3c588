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
  choice: FillChoice = {},
): ListedPoint | undefined {
  const { restored } = choice;
  const own = ownPoints(points, owner, choice);
  if (!restored) return newestGood(own);
  const since = newestGood(own.filter((point) => highest(point) >= restored.generation));
  if (since) return since;
  const whose = restored.of === undefined ? own : pointsOf(points, restored.of);
  const [named, another] = whose.filter(({ id }) => id.startsWith(restored.point));
  return another ? undefined : named;
}

/** The points of a service, by its name now and by that of before. */
export const ownPoints = (
  points: readonly ListedPoint[],
  owner: string,
  { formerly }: FillChoice = {},
): ListedPoint[] => [...pointsOf(points, owner), ...(formerly === undefined ? [] : pointsOf(points, formerly))];

/**
 * What to write where the points of a renamed stack may be meant, as a sentence with a space before it; empty where the
 * repository has no point of another stack's service of that name. `owner`: `project/stack/service`.
 */
export function renamedHint(points: readonly ListedPoint[], owner: string): string {
  const service = owner.split("/").at(-1);
  const others = points.flatMap((point) => (point.service === service ? [point.stack] : []));
  const stacks = [...new Set(others)].filter((stack) => `${stack}/${service}` !== owner).sort();
  if (stacks.length === 0) return "";
  return (
    ` If this stack was renamed from ${stacks.join(" or ")} (pulumi stack rename): write renamedFrom: ${stacks[0]} ` +
    "in cluster-storage:backups."
  );
}

/** The points of a service: `project/stack/service`. */
const pointsOf = (points: readonly ListedPoint[], owner: string): ListedPoint[] =>
  points.filter(({ stack, service }) => `${stack}/${service}` === owner);

/** A restore brings all volumes of a service to new generations, so the highest of them grows. */
const highest = ({ generation }: ListedPoint) => Math.max(0, ...generation.split("+").map(Number));
