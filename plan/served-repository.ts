import type { BackupsConfig, ServedRepository } from "../model/backups";
import type { Fault } from "../model/plan";
import { servedClaim, servedIdentity } from "../model/served-repository";
import type { VolumePlan } from "../model/storage";
import { backupsName } from "../model/backup";
import type { KnownClass } from "./classes";
import { place } from "./placement";

type Ground = { classes: KnownClass[]; protect: boolean };

/** The volume that is served as the repository; undefined where the repository is elsewhere. */
export function planServed(config: BackupsConfig, ground: Ground): ServedRepository | undefined {
  const { nfs, claim } = config.repository;
  if (nfs) return { nfs };
  return claim && { claim: planClaim(config.namespace, claim, ground) };
}

function planClaim(
  namespace: string,
  claim: NonNullable<BackupsConfig["repository"]["claim"]>,
  { classes, protect }: Ground,
): VolumePlan {
  const placed = placeOf(claim, classes);
  const { className, known } = "fault" in placed ? {} : placed;
  return {
    name: servedClaim,
    service: backupsName,
    namespace,
    generation: 1,
    ...(className !== undefined && { className }),
    ...(known && { backend: known.backend }),
    size: claim.size,
    accessMode,
    ephemeral: false,
    protect,
    annotations: {
      "cluster-storage/uid": String(servedIdentity.uid),
      "cluster-storage/gid": String(servedIdentity.gid),
      "cluster-storage/mode": "2770",
    },
  };
}

const accessMode = "ReadWriteOnce";

const placeOf = (claim: { backend?: string; class?: string }, classes: KnownClass[]) =>
  place({ ...claim, accessMode }, { service: backupsName }, classes);

/** What is wrong with where the repository's claim goes. */
export function checkServed(config: BackupsConfig | undefined, classes: KnownClass[]): Fault[] {
  const claim = config?.repository.claim;
  if (!claim) return [];
  const at = (key: string) => `backups.repository.claim.${key}`;
  const placed = placeOf(claim, classes);
  if ("fault" in placed) return [{ ...placed.fault, path: at(placed.fault.path.split(".").at(-1) ?? "class") }];
  const { known } = placed;
  if (!known?.ephemeral) return [];
  const message = `"${known.backend}" keeps no data beyond a pod's end, and the backups would go with it; name another`;
  return [{ path: at("backend"), message }];
}
