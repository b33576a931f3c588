import type { BackupsPlan } from "../model/backups";
import { ownerName } from "../model/metadata";
import type { Move } from "../model/mover";
import type { Owner, ServicePlan } from "../model/plan";
import { repositorySecret } from "../model/restore";
import type { MovePlan } from "../model/storage";
import { repositoryVariables } from "./repository-files";

export interface RestoreSourceArgs {
  owner: Owner;
  service: ServicePlan;
  /** The name of the account of the service's moves. */
  app: string;
  backups?: BackupsPlan;
}

/** What a job is told of the point that it restores, and of what that has to fit to; empty where it restores none. */
export function restoreSource(
  { owner, service, app, backups }: RestoreSourceArgs,
  { restore }: MovePlan,
): Pick<Move, "restore"> {
  if (!restore || !backups) return {};
  const { point, of = `${ownerName(owner)}/${service.name}`, keys } = restore;
  return {
    restore: {
      point,
      of,
      image: backups.image,
      repository: backups.address,
      secret: repositorySecret(app),
      env: repositoryVariables(backups.repository),
      ...(keys.length > 0 && { keys: { secret: service.name, names: keys } }),
      ...(service.engine && { engine: service.engine }),
    },
  };
}
