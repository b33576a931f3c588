/** What a backup's job is given, and what it leaves in the cluster. */
import type { Held } from "./copy-guard";
import type { ExportRecipe } from "./export-recipe";
import type { FillMount } from "./mover";
import type { RestoreSource } from "./restore";

/** Under this name restic keeps every point: restic tells points apart by their tags, never by a pod's name. */
export const backupHost = "cluster-storage";

/**
 * Under this name restic keeps marks: one says by its tag which point is incomplete. A repository that only takes more
 * gives no point back, and lets no tag be added to one.
 */
export const incompleteHost = `${backupHost}-incomplete`;

/** The tag of a mark. `point`: the id of the point that it is of. */
export const incompleteTag = (point: string) => `incomplete:${point}`;

/** On a claim: the newest point with its data, as JSON (`BackedUp`). */
export const backedUpAnnotation = "cluster-storage/backed-up";

/** On a claim: why its last backup made no point, as JSON (`BackupFailed`); a later point takes it off. */
export const backupFailedAnnotation = "cluster-storage/backup-failed";

/**
 * On a claim, by a person: points of the service are meant to have as few files as this number says. The next point
 * takes it off.
 */
export const backupEnoughAnnotation = "cluster-storage/backup-enough-files";

/**
 * On a claim: the last drill of its service that proved a point, as JSON (`Drilled`). One that fails leaves it as it
 * is, so that retention keeps that point.
 */
export const drilledAnnotation = "cluster-storage/drilled";

/** On a claim: why its service's last drill proved nothing, as JSON (`DrillFailed`); a later good one takes it off. */
export const drillFailedAnnotation = "cluster-storage/drill-failed";

/** On a Lease: the pods that held it, have ended, and may have left locks in the repository, as a JSON list. */
export const endedHoldersAnnotation = "cluster-storage/ended-holders";

/** The name of a service's CronJob, of its account and of the Role in its namespace. */
export const backupName = (service: string) => `${service}-backup`;

/** The name of what all backups of a stack share, such as the Lease and the Secret. */
export const backupsName = "backups";

/**
 * `make`: a point. `init`: a repository, where there is none. `list`: prints the points that there are. `inspect`: says
 * whether one of them can be restored. `keys`: prints what points have of Secrets, encrypted.
 */
export type BackupAct = "make" | "init" | "list" | "inspect" | "keys";

/** A volume whose data a point has. */
export interface BackupVolume {
  /** Its name in the service's pod. */
  volume: string;
  generation: number;
  /** The claim's name; absent for a directory of the pod. */
  claim?: string;
  mounts: FillMount[];
  exportRecipe: ExportRecipe;
}

/** The job's environment variable BACKUP, as JSON. BACKUP_ACT says what the job does; default: `make`. */
export interface BackupTask {
  service: string;
  namespace: string;
  workload: { kind: "Deployment" | "StatefulSet"; name: string };
  /** `project/stack`. */
  owner: string;
  volumes: BackupVolume[];
  /** The Secret with the keys that make the data readable; absent where the service has none. */
  keys?: string;
  /** Where the Lease and the job's own pods are. */
  home: string;
  /** The repository, for people. */
  repository: string;
  /** Seconds that a run on schedule waits, so that not all services begin at once. */
  delay: number;
}

/** What a point is called by: the same for all points of the same volumes. */
export const backupTags = ({ owner, service, volumes }: Pick<BackupTask, "owner" | "service" | "volumes">) => [
  `stack:${owner}`,
  `service:${service}`,
  `set:${volumes.map(({ volume }) => volume).join("+")}`,
  `generation:${volumes.map(({ generation }) => generation).join("+")}`,
];

/** The tag of a point that has far less than the one before: it is told apart from those, whatever becomes of it. */
export const shrunkTag = "shrunk";

/** A point of a repository. */
export interface Point {
  /** restic's id of the snapshot. */
  id: string;
  /** ISO time. */
  at: string;
  /** Bytes that it has, and bytes that it added to the repository. */
  bytes: number;
  added: number;
}

export interface BackedUp extends Point {
  files: number;
  /** SHA-256 over all paths and contents. */
  sha256: string;
  /** What an earlier point had, where this one has less than half of its files or bytes. */
  shrunkFrom?: Held;
}

export interface BackupFailed {
  at: string;
  error: string;
}

/** A point that was restored beside the service, started there, and had the record that was written before it. */
export interface Drilled {
  /** restic's id of the snapshot, and the ISO time of the point. */
  point: string;
  pointAt: string;
  /** ISO time of the drill, and the seconds that it took. */
  at: string;
  seconds: number;
}

/** A drill that proved nothing. `point` and `pointAt` are absent where it came to no point. */
export interface DrillFailed extends Partial<Drilled> {
  at: string;
  error: string;
}

/** A point as `list` prints it. */
export interface ListedPoint extends Point {
  /** `project/stack`. */
  stack: string;
  service: string;
  generation: string;
  /** It has far less than the point before. */
  shrunk: boolean;
  /** Not all of the data could be sent, and the repository didn't take the point back. */
  incomplete?: true;
  /** A repair of the repository has made it of another, and left out what was damaged. */
  repaired?: true;
}

/**
 * The newest of a service's whole points that doesn't have far less than those before, because that one may be what a
 * loss left. One that a repair has made is the last that is taken: no restore of it is what its listing says.
 */
export function newestGood(points: readonly ListedPoint[]): ListedPoint | undefined {
  const newest = points
    .filter(({ incomplete }) => incomplete === undefined)
    .toSorted((a, b) => b.at.localeCompare(a.at));
  const unhurt = newest.filter(({ repaired }) => repaired === undefined);
  return unhurt.find(({ shrunk }) => !shrunk) ?? unhurt[0] ?? newest[0];
}

/** The job's environment variable BACKUP_INSPECT, as JSON: what a restore would be told. */
export interface InspectTask extends Pick<RestoreSource, "point" | "of" | "engine"> {
  volumes: string[];
  /** Those of the service's Secret that have to be the point's. */
  keys: string[];
}

/** What `inspect` prints of a point that can be restored. */
export interface Inspected {
  /** ISO time. */
  at: string;
  /** Of each volume: files, and bytes on the disk. */
  volumes: { volume: string; files: number; bytes: number }[];
}

/** What `inspect` prints before it, as one line of JSON. */
export const inspectedPrefix = "inspected: ";

/** The job's environment variable BACKUP_KEYS, as JSON. */
export interface KeysTask {
  /** Their ids. */
  points: string[];
  /** For whom the values are encrypted: RSA, as PEM. */
  publicKey: string;
}

/** What `keys` prints before what one point has, as one line of JSON (`SealedKeys`). */
export const sealedPrefix = "sealed: ";

export interface SealedKeys {
  point: string;
  /** Encrypted, by key. */
  keys: Record<string, string>;
}

/** What `list` prints before some of its points, as one line of JSON: the log of a pod cuts lines of over 16 KiB. */
export const listedPrefix = "points: ";

/** What `list` prints last, before the number of its points. */
export const listedEnd = "points in all: ";
