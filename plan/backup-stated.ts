import { backupName } from "../model/backup";
import type { BackupsConfig } from "../model/backups";
import { backupAnnotation } from "../model/metadata";
import type { ServicePlan } from "../model/plan";
import type { ClaimPlan, VolumePlan } from "../model/storage";
import { joined } from "../model/words";
import type { Placed } from "./network";
import { takenByVelero } from "./velero";

/**
 * A service whose claims say what backs their data up, or why nothing does; the policy `backup-stated` asks for it. A
 * claim says nothing where the stack's file doesn't.
 */
export function withStatement(
  placed: Pick<Placed, "config">,
  service: ServicePlan,
  backups: BackupsConfig | undefined,
): ServicePlan {
  const claims = service.claims.map((claim): ClaimPlan => {
    const said = statementOf(placed, service, claim, backups);
    // What needs no backup needed none on another volume either; a backup is of the volume in use alone.
    const ofKept = said?.startsWith("none: ")
      ? said
      : `none: kept until it is released; the data of ${service.name} is on ${claim.name}`;
    return { ...saying(claim, said), kept: claim.kept.map((volume) => saying(volume, ofKept)) };
  });
  return { ...service, claims };
}

function statementOf(
  { config: { backup, because, run } }: Pick<Placed, "config">,
  service: ServicePlan,
  claim: ClaimPlan,
  backups: BackupsConfig | undefined,
): string | undefined {
  if (service.backup) return `CronJob ${service.backup.task.home}/${backupName(service.name)}`;
  if (run && takenByVelero(service, claim)) return "Velero";
  if (backup === "none") return because === undefined ? undefined : `none: ${because}`;
  return backups && !run ? `none: ${service.name} has run: false, and data leaves through a running pod` : undefined;
}

const saying = <Volume extends VolumePlan>(volume: Volume, said: string | undefined): Volume =>
  said === undefined || volume.ephemeral
    ? volume
    : { ...volume, annotations: { ...volume.annotations, [backupAnnotation]: said } };

/** One warning for all services whose claims say nothing, and one where the repository gets nothing. */
export function warnOfBackups(services: readonly ServicePlan[], backups: BackupsConfig | undefined): string[] {
  const silent = services.filter(({ claims }) => claims.some(saysNothing)).map(({ name }) => name);
  const unused = backups !== undefined && services.every(({ backup }) => backup === undefined);
  return [...(silent.length > 0 ? [unstated(silent, backups !== undefined)] : []), ...(unused ? [withoutUse] : [])];
}

const saysNothing = ({ ephemeral, annotations }: VolumePlan) =>
  !ephemeral && annotations[backupAnnotation] === undefined;

function unstated(names: string[], repository: boolean): string {
  const one = names.length === 1;
  const lacking = one
    ? "has no backup, and its entry gives no reason"
    : "have no backup, and their entries give no reason";
  const wayOut = repository
    ? `Nothing knows how ${one ? "its" : "their"} data leaves a pod: write an exportRecipe (docs/adding-a-service.md)`
    : "Say in cluster-storage:backups where the data of all services shall go (docs/backups.md)";
  return (
    `${joined(names)} ${lacking}, so what a disk loses is gone. ${wayOut}, or write backup: none and because: REASON ` +
    "into the entry of each that needs none"
  );
}

const withoutUse =
  "cluster-storage:backups names a repository, and no service is backed up. Take backup: none and because out of the " +
  "entries of those that shall be, or take cluster-storage:backups out";
