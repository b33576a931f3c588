import type { Fresh } from "../model/backups";
import { pathText, volumePath } from "../model/config-path";
import { ownerName } from "../model/metadata";
import type { ServicePlan, StoragePlan } from "../model/plan";
import { shortPoint, type FillChoice } from "../model/restore";
import type { ClaimPlan } from "../model/storage";

const list = (claims: readonly ClaimPlan[]) => claims.map(({ name }) => name).join(" and ");

/** What an update says of the volumes that it fills. */
export function told(
  { owner, backups }: StoragePlan,
  { name }: ServicePlan,
  filling: readonly ClaimPlan[],
  { restored, formerly }: FillChoice = {},
): string {
  const whose = [`${ownerName(owner)}/${name}`, ...(formerly === undefined ? [] : [formerly])].join(" or ");
  const since = restored
    ? `: of what it had since it was brought back from point ${shortPoint(restored.point)}, or else from that one again`
    : "";
  return (
    `${pathText(["services", name])}: ${list(filling)} ${filling.length > 1 ? "are" : "is"} filled from the newest ` +
    `point of ${whose} in ${backups?.address} before ${name} starts for the first time${since}; to begin empty ` +
    "instead: fresh: ignore-points in its entry"
  );
}

/** Of those that may begin empty: whether the repository has a point is known to the job that looks at it. */
export const mayBegin = ({ owner, backups }: StoragePlan, { name }: ServicePlan, filling: readonly ClaimPlan[]) =>
  `${pathText(["services", name])}: ${list(filling)} ${filling.length > 1 ? "begin" : "begins"} empty, by fresh: ` +
  `true, if ${backups?.address} has no point of ${ownerName(owner)}/${name}; if it has one, ${name} is not started`;

/** Of those that begin empty because the config says so: at most one line. */
export const byFresh = ({ name }: ServicePlan, claims: readonly ClaimPlan[]) =>
  claims.length === 0
    ? []
    : [
        `${pathText(["services", name])}: ${list(claims)} ${claims.length > 1 ? "begin" : "begins"} empty, by fresh: ` +
          `ignore-points, whatever the backups have of ${name}`,
      ];

/** Of `fresh` that has done its work. */
export const staleFresh = ({ name }: ServicePlan, fresh: Fresh) =>
  `${pathText(["services", name, "fresh"])}: is ${fresh}, and ${name} has its volumes by now; take it out of the ` +
  (fresh === true
    ? "file (or out of cluster-storage:backups), else its volumes begin empty in a new cluster that finds no point " +
      "of it, for instance by a mistyped address"
    : "file at once, else its volumes begin empty in a new cluster, whatever the backups have");

/** Of a further volume of a service that has some. */
export const beside = (claim: ClaimPlan) =>
  `${volumePath(claim)}: ${claim.name} is new beside other volumes of ${claim.service} and begins empty; if it was ` +
  `lost, npm run restore -- ${claim.service} brings all of them from one point, before the next backup of it`;
