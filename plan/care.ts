import type { BackupsConfig, CarePlan, RepositoryConfig } from "../model/backups";
import type { CareService } from "../model/care";
import type { StackConfig } from "../model/config";
import { pathText } from "../model/config-path";
import { ownerName } from "../model/metadata";
import type { Fault, Owner, ServicePlan } from "../model/plan";
import { keepUnits, type Keep } from "../model/retention";
import { claimsOf } from "./backup-rights";

/** How the repository of the stack's backups is cared for. `addresses`: where it is, for people and for programs. */
export function planCare(
  { care, namespace, repository }: BackupsConfig,
  services: readonly ServicePlan[],
  owner: Owner,
  placeOf: (repository: RepositoryConfig) => { address: string; server: { host: string; port: number } },
): CarePlan {
  const pruned = pruning(repository);
  return {
    schedule: care.schedule,
    task: {
      owner: ownerName(owner),
      home: namespace,
      repository: placeOf(pruned ?? repository).address,
      services: services.flatMap(careOf),
      cycle: care.cycle,
    },
    ...(pruned && { prune: { repository: pruned, server: placeOf(pruned).server } }),
  };
}

function careOf({ name, namespace, backup }: ServicePlan): CareService[] {
  if (!backup) return [];
  return [{ service: name, namespace, claims: claimsOf(backup.task), ...(backup.keep && { keep: backup.keep }) }];
}

/** The repository as what may remove points opens it; undefined where that is as anything else does. */
function pruning(repository: RepositoryConfig): RepositoryConfig | undefined {
  const { rest, s3 } = repository;
  if (rest?.prune) return { ...repository, rest: { ...rest, ...rest.prune } };
  return s3?.prune ? { ...repository, s3: { ...s3, ...s3.prune } } : undefined;
}

/** Which points of a service stay; undefined: all. */
export const keepOf = (
  { backup }: { backup?: "none" | { keep?: "all" | Keep } },
  { keep }: BackupsConfig,
): Keep | undefined => {
  const own = backup === "none" ? undefined : backup?.keep;
  return own === "all" ? undefined : (own ?? keep);
};

/**
 * What is wrong with the policies. Where only another login removes points, somebody who can add some would push others
 * out of a number of points, and can't out of a time.
 */
export function checkKeep({ backups, services }: Pick<StackConfig, "backups" | "services">): Fault[] {
  if (!backups || !pruning(backups.repository)) return [];
  const policies: [path: (string | number)[], keep: Keep | undefined][] = [
    [["backups", "keep"], backups.keep],
    ...[...services].map(([name, { backup }]): [string[], Keep | undefined] => {
      const keep = typeof backup === "object" ? backup.keep : undefined;
      return [["services", name, "backup", "keep"], keep === "all" ? undefined : keep];
    }),
  ];
  const message = (unit: keyof typeof examples) =>
    "is a number, and whoever can add points could push yours out of it; as prune is there, write a time, for " +
    `instance ${examples[unit]}`;
  return policies.flatMap(([path, keep = {}]) =>
    keepUnits
      .filter((unit) => typeof keep[unit] === "number")
      .map((unit) => ({ path: pathText([...path, unit]), message: message(unit) })),
  );
}

const examples: Record<(typeof keepUnits)[number], string> = {
  last: "2d",
  hourly: "2d",
  daily: "14d",
  weekly: "2m",
  monthly: "1y",
  yearly: "5y",
};
