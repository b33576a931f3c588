import { pathText, volumePath } from "../model/config-path";
import { ownerName } from "../model/metadata";
import type { ServicePlan, StoragePlan } from "../model/plan";
import type { ClaimPlan } from "../model/storage";

const list = (claims: readonly ClaimPlan[]) => claims.map(({ name }) => name).join(" and ");

/** What an update says of the volumes that it fills. */
export const told = ({ owner, backups }: StoragePlan, { name }: ServicePlan, filling: readonly ClaimPlan[]) =>
  `${pathText(["services", name])}: ${list(filling)} ${filling.length > 1 ? "are" : "is"} filled from the newest ` +
  `point of ${ownerName(owner)}/${name} in ${backups?.address} before ${name} starts for the first time; to begin ` +
  "empty instead: fresh: true in its entry";

/** Of those that begin empty because the config says so: at most one line. */
export const byFresh = ({ name }: ServicePlan, claims: readonly ClaimPlan[]) =>
  claims.length === 0
    ? []
    : [
        `${pathText(["services", name])}: ${list(claims)} ${claims.length > 1 ? "begin" : "begins"} empty, by fresh: ` +
          `true, whatever the backups have of ${name}`,
      ];

/** Of `fresh` that has done its work. */
export const staleFresh = ({ name }: ServicePlan) =>
  `${pathText(["services", name, "fresh"])}: is true, and ${name} has its volumes by now; take it out of the file ` +
  "(or out of cluster-storage:backups), else its volumes begin empty in a new cluster, whatever the backups have";

/** Of a further volume of a service that has some. */
export const beside = (claim: ClaimPlan) =>
  `${volumePath(claim)}: ${claim.name} is new beside other volumes of ${claim.service} and begins empty; if it was ` +
  `lost, npm run restore -- ${claim.service} brings all of them from one point, before the next backup of it`;
