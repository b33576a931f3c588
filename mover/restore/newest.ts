import type { ListedPoint } from "../../model/backup";
import { ownPoints, pointToFill, renamedHint } from "../../model/fill";
import { shortPoint, type RestoreTask } from "../../model/restore";
import { clockPatience } from "../../model/retention";
import { readPoints } from "../backup/repository";
import { faultOfEnd, lookAtRepository, resticExit } from "../backup/restic";
import { MoveError } from "../faults";
import type { OpenOptions } from "./open-point";

type Wanted = Pick<RestoreTask, "of" | "repository" | "service" | "choice">;

/**
 * The id of the point that fills a service's new volumes. Throws where the repository can't be opened, and where it has
 * none, unless the config says that the service may begin empty; then it is undefined.
 */
export async function findNewest(
  { of, repository, service, choice }: Wanted,
  options: OpenOptions,
): Promise<string | undefined> {
  const { patience, signal } = options;
  const mayBeEmpty = choice?.mayBeEmpty === true;
  const end = await lookAtRepository({ patience, signal });
  if (end.code === resticExit.noRepository && mayBeEmpty) return undefined;
  if (end.code === resticExit.noRepository)
    throw new MoveError(
      `there is no repository at ${repository}, and none was made. If the address is wrong: correct ` +
        `cluster-storage:backups.repository. If nothing was ever backed up: ${freshFor(service)}, and after the ` +
        "update npm run backup -- --init",
    );
  if (end.code !== resticExit.done) {
    const fault = faultOfEnd(end, repository);
    throw mayBeEmpty ? notAsked(fault, service) : fault;
  }
  const points = await readPoints({ task: { repository }, patience, signal });
  const own = ownPoints(points, of, choice);
  if (mayBeEmpty) {
    if (own.length > 0) throw notEmpty({ of, repository, service }, own);
    return undefined;
  }
  checkClock(own, service);
  const found = pointToFill(points, of, choice);
  if (found) return found.id;
  if (choice?.restored) throw restoredGone({ of, repository, service }, choice.restored);
  const owners = [...new Set(points.map((point) => `${point.stack}/${point.service}`))].sort();
  throw new MoveError(
    `the repository at ${repository} has no point of ${of}; it has points of ${owners.join(", ") || "nothing"}. If ` +
      `that is another repository than meant: correct cluster-storage:backups.repository.` +
      `${choice?.formerly === undefined ? renamedHint(points, of) : ""} If ${service} is new: ${freshFor(service)}`,
  );
}

/** Which point is the newest is known by their times alone. */
function checkClock(points: readonly ListedPoint[], service: string): void {
  const now = new Date();
  const ahead = points.find(({ at }) => Date.parse(at) > now.getTime() + clockPatience);
  if (!ahead) return;
  throw new MoveError(
    `point ${shortPoint(ahead.id)} is dated ${toSecond(new Date(ahead.at))}, and here it is ${toSecond(now)}, so it ` +
      `is not known which is the newest of ${service}. If the clock is wrong ` +
      "here: set it right, and run the update again. If it was wrong where the point was made: restic forget " +
      `${shortPoint(ahead.id)} leaves it out, with what only it has`,
  );
}

/** `fresh: true` was mostly left in the file from the first day. */
function notEmpty({ of, repository, service }: Wanted, points: readonly ListedPoint[]): MoveError {
  const newest = points.toSorted((a, b) => b.at.localeCompare(a.at))[0]!;
  const [count, is] = points.length === 1 ? ["a point", "it is"] : [`${points.length} points`, "the newest is"];
  return new MoveError(
    `fresh: true lets ${service} begin empty where there is no point of it, and the repository at ${repository} has ` +
      `${count} of ${of} (${is} ${shortPoint(newest.id)}, of ${toSecond(new Date(newest.at))}). To fill it from the ` +
      `newest: take fresh out of the entry of ${service} (or out of cluster-storage:backups). ${inSpite(service)}`,
  );
}

const inSpite = (service: string) =>
  `To begin empty whatever there is: fresh: ignore-points in the entry of ${service}`;

const notAsked = ({ message, transient }: MoveError, service: string) =>
  new MoveError(`${message}. So it is not known whether it has points of ${service}. ${inSpite(service)}`, {
    transient,
  });

/** The newest may be what the person went back from. */
const restoredGone = ({ of, repository, service }: Wanted, restored: { point: string; of?: string }) =>
  new MoveError(
    `the stack file says that ${service} was brought back from point ${shortPoint(restored.point)} of ` +
      `${restored.of ?? of}; the repository at ${repository} has no such point any more, and none of what ${service} ` +
      `had since. To fill it from the newest point of before: write from: none in the entry of ${service} in place ` +
      "of the point",
  );

const toSecond = (time: Date) => `${time.toISOString().slice(0, 19)}Z`;

const freshFor = (service: string) =>
  `write fresh: true in the entry of ${service} (in cluster-storage:backups for all services of a new stack)`;
