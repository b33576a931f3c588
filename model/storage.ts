import type { ExportRecipe } from "./export-recipe";
import type { Mount } from "./container";
import type { InstallPlan } from "./install-plan";
import type { RestorePlan } from "./restore";

/** Classes, volumes, and how data gets from one to another. Types only. */

export type AccessMode = "ReadWriteOnce" | "ReadWriteOncePod" | "ReadWriteMany" | "ReadOnlyMany";
export type ReclaimPolicy = "Delete" | "Retain";

/** One generation of a claim: a volume of its own, declared until it is released. */
export interface VolumePlan {
  /**
   * The claim's name in the cluster. An ephemeral volume has no claim; the name is then the one
   * that a claim would have.
   */
  name: string;
  /** The template's name, where the StatefulSet's controller names the claim. */
  template?: string;
  service: string;
  namespace: string;
  /** Its key in the service's config; absent where the service has one claim only. */
  claimKey?: string;
  /** Its place in the claim's `kept`; absent for the volume in use. */
  keptIndex?: number;
  generation: number;
  /** What storageClassName holds: a name, "" for static volumes only, absent for the cluster's default. */
  className?: string;
  /** The PersistentVolume that it takes, where that was made by hand. */
  volumeName?: string;
  size: string;
  accessMode: AccessMode;
  backend?: string;
  /** The volume is a directory that is deleted with the pod: there is no claim. */
  ephemeral: boolean;
  /** The node that it is made on; absent where the config doesn't name one. */
  node?: string;
  protect: boolean;
  annotations: Record<string, string>;
  /** Velero leaves the claim out too, as it doesn't take the data: restored, the claim would have an empty volume. */
  notForVelero?: true;
}

/** How the data gets from one generation to another. A job of this name moves it, once. */
export interface MovePlan {
  job: string;
  /**
   * From claim to claim, from the running pod's own directory to a claim, or from a claim to such a directory. Of a
   * `restore`, from a point of the backups to a claim, while the service leaves `from` as it is.
   */
  kind: "copy" | "fill" | "spill" | "restore";
  from: VolumePlan;
  /** The target is an earlier volume, whose content was superseded. */
  replace: boolean;
  /** Only of a `copy`: the two volumes may be on two nodes, so that no pod can mount both. */
  across?: true;
  /** Only of a `restore`. */
  restore?: RestorePlan;
  /** How the data leaves the running pod, if it has to; absent where no way is known. */
  exportRecipe?: ExportRecipe;
}

/** What a service stores in one place: the volume in use, and the others that are kept. */
export interface ClaimPlan extends VolumePlan {
  /** The volume's name in the pod, whichever generation it is. */
  volume: string;
  mounts: Mount[];
  kept: VolumePlan[];
  move?: MovePlan;
}

/** What a claim can count on. */
export interface Capabilities {
  /** A bound claim can grow. */
  expand: boolean;
  snapshot: boolean;
  /** The size is enforced and not just a label. */
  enforcesSize: boolean;
  /** A volume is tied to the node that it was made on. */
  followsNode: boolean;
}

export interface ClassPlan {
  name: string;
  backend: string;
  provisioner: string;
  reclaimPolicy: ReclaimPolicy;
  isDefault: boolean;
  capabilities: Capabilities;
  /** For the client that mounts a volume. */
  mountOptions?: string[];
  parameters: Record<string, string>;
  annotations: Record<string, string>;
}

/** A class that somebody else made. Its capabilities are read from the cluster unless the config states them. */
export interface UsedClass {
  name: string;
  isDefault: boolean;
  /** Whether its default flag is set to what the config says; otherwise the two have to agree. */
  patch: boolean;
  capabilities: Partial<Capabilities>;
}

/** What a backend of the stack brings: its classes, and what its component installs. */
export interface BackendPlan {
  name: string;
  type: string;
  classes: ClassPlan[];
  /** Classes that are there already and are only used. */
  uses: UsedClass[];
  /** Absent where nothing is installed. Only the backend's own component knows all of it. */
  install?: InstallPlan;
}
