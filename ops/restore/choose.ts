import { newestGood, type ListedPoint } from "../../model/backup";
import { shortPoint } from "../../model/restore";
import { UserError } from "../../model/user-error";
import { newestFirst } from "../backup/print";
import { formatTime } from "../terminal/age";

/** What a person asked for. */
export interface Wanted {
  /** The service that is restored. */
  service: string;
  /** `project/stack` of the service. */
  stack: string;
  /** A point's id or its beginning, or a time. Default: the newest point. */
  at?: string;
  /** Whose points: `service`, or `project/stack/service`. Default: the service's own. */
  of?: string;
}

/** `project/stack/service` whose points are meant. */
export function ownerOf({ service, stack, of = service }: Wanted): string {
  if (!of.includes("/")) return `${stack}/${of}`;
  if (/^[^/]+\/[^/]+\/[^/]+$/.test(of)) return of;
  throw new UserError(`--of "${of}" is no service; write SERVICE, or PROJECT/STACK/SERVICE for another stack's`);
}

const ownerIn = ({ stack, service }: ListedPoint) => `${stack}/${service}`;

/**
 * The point to restore: the one that is named, the newest that is no later than a time, or else the newest that doesn't
 * have far less than those before. One that is incomplete is taken only by its id. Throws a UserError where there is
 * none, and where it is another service's.
 */
export function choosePoint(points: readonly ListedPoint[], wanted: Wanted): ListedPoint {
  const { at, service } = wanted;
  const owner = ownerOf(wanted);
  const own = newestFirst(points.filter((point) => ownerIn(point) === owner));
  const whole = own.filter(({ incomplete }) => incomplete === undefined);
  const newest = newestGood(own);
  const list = `npm run restore -- ${service} --list shows those that there are`;
  const named = at !== undefined && /^[0-9a-f]{6,64}$/.test(at) ? points.filter(({ id }) => id.startsWith(at)) : [];
  const [only, another] = named;
  if (only && another) throw new UserError(`${named.length} points begin with ${at}; write more of the id`);
  if (only && ownerIn(only) !== owner)
    throw new UserError(
      `point ${shortPoint(only.id)} is of ${ownerIn(only)}, and not of ${owner}; to restore it all the same, say so: ` +
        `--of ${ownerIn(only)}`,
    );
  if (only) return only;
  const none = own.length > 0 ? "no whole point" : "no point";
  if (!newest) throw new UserError(`the repository has ${none} of ${owner}; it has points of ${ownersIn(points)}`);
  if (at === undefined) return newest;
  const time = timeOf(at);
  if (time === undefined)
    throw new UserError(
      `there is no point "${at}" of ${service}; ${list}. A time is written as ${newest.at.slice(0, 16)}Z`,
    );
  const found = whole.find((point) => new Date(point.at).getTime() <= time.getTime());
  if (found) return found;
  throw new UserError(
    `there is no point of ${service} from ${formatTime(time)} or before; the oldest is from ` +
      formatTime(new Date(whole.at(-1)!.at)),
  );
}

/** The service's points that are newer than this one, the newest first. */
export const newerThan = (points: readonly ListedPoint[], chosen: ListedPoint): ListedPoint[] =>
  newestFirst(points.filter((point) => ownerIn(point) === ownerIn(chosen) && point.at > chosen.at));

function ownersIn(points: readonly ListedPoint[]): string {
  const all = [...new Set(points.map(ownerIn))].sort();
  return all.length > 0 ? all.join(", ") : "nothing";
}

/** `2026-03-01`, `2026-03-01 02:00` or with a zone; without one it is UTC, as all times are shown. */
function timeOf(text: string): Date | undefined {
  const [, day, clock = "23:59:59", zone = "Z"] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d+)?)?))?(?: ?(Z|UTC|[+-]\d\d:\d\d))?$/.exec(text) ?? [];
  const time = new Date(`${day}T${clock}${zone === "UTC" ? "Z" : zone}`);
  return day === undefined || Number.isNaN(time.getTime()) ? undefined : time;
}
