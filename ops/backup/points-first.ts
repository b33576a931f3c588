import type { Kube } from "../../kube/client";
import { lookUpWorkload } from "../../kube/look-up";
import { noPointVariable, whyNoPoint, withoutPoint } from "../../model/no-point";
import { UserError } from "../../model/user-error";
import { readOutputServices, type Stack } from "../pulumi/stack";
import type { BackedUpService } from "./decide";
import { makePointNow } from "./job";

interface Wanted {
  /** Such as `the move`. */
  what: string;
  /** A person wants none. */
  noPoint?: boolean;
}

export interface PointsFirst {
  /** What a person reads before the answer. */
  notes: string[];
  /** The backups that are deployed of the services, also where no point is taken. */
  backups: BackedUpService[];
  /** Takes the points. Throws a UserError where one can't be taken. */
  take(say: (line: string) => void): Promise<void>;
}

/**
 * The points that are taken before something risky is done to services: of those that have a backup, and are not in the
 * middle of a move, before which one was taken. With `noPoint` the update that follows takes none either.
 */
export async function pointsFirst(
  kube: Kube,
  stack: Stack,
  names: readonly string[],
  { what, noPoint = false }: Wanted,
): Promise<PointsFirst> {
  if (names.length === 0) return { notes: [], backups: [], take: () => Promise.resolve() };
  // A stack that was only taken over has no backup yet.
  const services = await readOutputServices(stack);
  const backups = Object.entries(services).filter(
    (each): each is BackedUpService => names.includes(each[0]) && each[1].backup !== undefined,
  );
  const settled = await Promise.all(backups.map(async ([, service]) => !(await lookUpWorkload(kube, service))?.moving));
  const chosen = backups.filter((_, i) => settled[i]);
  const list = chosen.map(([name]) => name).join(", ");
  // Of the update that follows.
  if (noPoint) stack.env[noPointVariable] = [...withoutPoint(stack.env), ...names].filter(Boolean).join(",");
  if (chosen.length === 0) return { notes: [], backups, take: () => Promise.resolve() };
  if (noPoint)
    return {
      notes: [`No point of ${list} is taken first, by --no-point: the newest one is as old as npm run status says.`],
      backups,
      take: () => Promise.resolve(),
    };
  return {
    notes: [`A point of ${list} is taken first.`],
    backups,
    take: async (say) => {
      for (const service of chosen) {
        const why = await makePointNow(kube, service, say);
        if (why !== undefined) throw new UserError(noneTaken(service[0], what, why));
      }
    },
  };
}

const noneTaken = (name: string, what: string, why: string) =>
  `no point of ${name} could be taken before ${what}: ${whyNoPoint(why)}. Mend that and run the same command ` +
  "again, or go on without a point by --no-point";
