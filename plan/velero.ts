import { pathText } from "../model/config-path";
import type { VeleroConfig } from "../model/config";
import type { Fault, ServicePlan } from "../model/plan";
import type { ClaimPlan } from "../model/storage";
import { scratchName } from "../model/temporary";
import type { KnownClass } from "./classes";
import type { Placed } from "./network";
import { hooksOf } from "./velero-hooks";

/** Which volumes Velero's file-system backup takes, and what its pods say of that. */

/** Whether something else than Velero backs up a claim's volume already. */
export type Covered = (claim: ClaimPlan) => boolean;

export interface VeleroPlan {
  service: ServicePlan;
  faults: Fault[];
  warnings: string[];
}

/**
 * A service with its annotations for Velero, and with the claims marked that Velero shall leave out; as it is where the
 * switch is off. `covered`: volumes that Velero leaves out unless the service says `velero: true`.
 */
export function planVelero(
  { fileSystemBackup }: VeleroConfig,
  placed: Placed,
  service: ServicePlan,
  classes: readonly KnownClass[],
  covered: Covered,
): VeleroPlan {
  const { velero: told, podAnnotations = {} } = placed.config;
  const path = ["services", service.name];
  if (!fileSystemBackup) return { service, faults: told === true ? [withoutSwitch(path)] : [], warnings: [] };
  const taken = (claim: ClaimPlan) => !claim.ephemeral && told !== false && (told === true || !covered(claim));
  const taking = service.claims.filter(taken);
  const annotations = annotationsOf(placed, service, taking);
  const claims = service.claims.map((claim): ClaimPlan => {
    const kept = claim.kept.map((volume) => ({ ...volume, notForVelero: true as const }));
    return { ...claim, kept, ...(!taken(claim) && { notForVelero: true as const }) };
  });
  return {
    service: { ...service, claims, velero: annotations },
    faults: Object.keys(podAnnotations)
      .filter((key) => key in annotations)
      .map((key) => ({
        path: pathText([...path, "podAnnotations", key]),
        message:
          `this program writes "${key}" on the pod itself, because cluster-storage:velero has fileSystemBackup: ` +
          "true; leave it out here",
      })),
    warnings: [
      ...service.claims.filter(({ ephemeral }) => ephemeral && told !== false).map(notKept),
      ...taking.filter((claim) => !isOurs(claim, classes)).map(perhapsHostPath),
      ...(taking.length > 0 && !placed.spec.exportRecipe ? [withoutRecipe(service.name)] : []),
    ],
  };
}

/**
 * Velero goes by the first annotation, or by the second where its backup takes all volumes that aren't excluded
 * (`--default-volumes-to-fs-backup`). Temporary files are worth nothing in any backup.
 */
function annotationsOf({ spec }: Placed, service: ServicePlan, taking: ClaimPlan[]): Record<string, string> {
  const names = taking.map(({ volume }) => volume);
  const { scratch, shm, probes } = service.container;
  const excluded = [
    ...service.claims.map(({ volume }) => volume).filter((name) => !names.includes(name)),
    ...scratch.map((_, i) => scratchName(i)),
    ...(shm === undefined ? [] : ["shm"]),
  ];
  const mounts = taking.flatMap((claim) => claim.mounts);
  const recipe = taking.length > 0 ? spec.exportRecipe?.(mounts) : undefined;
  return {
    ...(names.length > 0 && { "backup.velero.io/backup-volumes": names.join(",") }),
    ...(excluded.length > 0 && { "backup.velero.io/backup-volumes-excludes": excluded.join(",") }),
    ...(recipe && hooksOf(recipe, mounts, probes.liveness)),
  };
}

/** The classes that the stack makes, and volumes made by hand for it, have no volumes of type hostPath. */
const isOurs = ({ className, backend }: ClaimPlan, classes: readonly KnownClass[]) =>
  classes.some((known) => known.backend === backend && !known.use && known.name === (className ?? known.name));

const withoutSwitch = (path: string[]): Fault => ({
  path: pathText([...path, "velero"]),
  message:
    "has no effect while Velero's file-system backup is switched off; set cluster-storage:velero to " +
    "{ fileSystemBackup: true }, or leave the key out",
});

const notKept = ({ service, name }: ClaimPlan) =>
  `services.${service}: Velero leaves out the volume of ${name}, which is deleted with its pod.`;

function perhapsHostPath({ service, name, className }: ClaimPlan): string {
  const named = className === undefined ? "the cluster's default class" : `class ${className}`;
  const where = className === "" ? "somebody's hand" : named;
  return (
    `services.${service}: ${name} gets its volume from ${where}, not from this stack. If that is of type hostPath, ` +
    "as Minikube's are, Velero can't back it up: it skips it and says so only in its log. This prints a path for " +
    "each such volume: kubectl get pv -o custom-columns=CLAIM:.spec.claimRef.name,HOSTPATH:.spec.hostPath.path"
  );
}

const withoutRecipe = (service: string) =>
  `services.${service}: no way is known to make its data stand still, so Velero copies its files while it writes ` +
  "them.";
