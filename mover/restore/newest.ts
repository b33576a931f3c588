import { newestGood, type ListedPoint } from "../../model/backup";
import { shortPoint, type RestoreTask } from "../../model/restore";
import { clockPatience } from "../../model/retention";
import { readPoints } from "../backup/repository";
import { faultOfEnd, lookAtRepository, resticExit } from "../backup/restic";
import { MoveError } from "../faults";
import type { OpenOptions } from "./open-point";

type Wanted = Pick<RestoreTask, "of" | "repository" | "service">;

/**
 * The id of the newest point of a service. Throws where the repository can't be opened, and where it has none: a
 * service begins empty only where the config says so.
 */
export async function findNewest({ of, repository, service }: Wanted, options: OpenOptions): Promise<string> {
  const { patience, signal } = options;
  const end = await lookAtRepository({ patience, signal });
  if (end.code === resticExit.noRepository)
    throw new MoveError(
      `there is no repository at ${repository}, and none was made. If the address is wrong: correct ` +
        `cluster-storage:backups.repository. If nothing was ever backed up: ${freshFor(service)}, and after the ` +
        "update npm run backup -- --init",
    );
  if (end.code !== resticExit.done) throw faultOfEnd(end, repository);
  const points = await readPoints({ task: { repository }, patience, signal });
  const own = points.filter((point) => `${point.stack}/${point.service}` === of);
  checkClock(own, service);
  const newest = newestGood(own);
  if (newest) return newest.id;
  const owners = [...new Set(points.map((point) => `${point.stack}/${point.service}`))].sort();
  throw new MoveError(
    `the repository at ${repository} has no point of ${of}; it has points of ${owners.join(", ") || "nothing"}. If ` +
      `that is another repository than meant: correct cluster-storage:backups.repository. If ${service} is new: ` +
      freshFor(service),
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

const toSecond = (time: Date) => `${time.toISOString().slice(0, 19)}Z`;

const freshFor = (service: string) =>
  `write fresh: true in the entry of ${service} (in cluster-storage:backups for all services of a new stack)`;
