/** The care of a repository: what its job is given, and what it leaves in the cluster. */
import type { Point } from "./backup";
import type { Checked, Keep } from "./retention";

/** The name of its CronJob and of its account. */
export const careName = "backups-care";

/**
 * `care`: what it does on schedule. `preview`: prints what would be forgotten. `forget`: forgets the points that a
 * person has seen. `check`: reads all data of the repository. `repair`: takes damaged packs out of it. `mend`: takes
 * out of the points what is lost with them. `add-password` and `retire-password`: the two ends of a rotation of the
 * repository's password.
 */
export type CareAct = "care" | "preview" | "forget" | "check" | "repair" | "mend" | "add-password" | "retire-password";

/** Where the job of a rotation has the passwords, in the files `next` and `former`. */
export const passwordsPath = "/passwords";

/** A service whose points are cared for. */
export interface CareService {
  service: string;
  namespace: string;
  /** Its claims, on which the last drill is noted. */
  claims: string[];
  /** Absent: nothing of it is ever forgotten. */
  keep?: Keep;
}

/** The job's environment variable CARE, as JSON. CARE_IDS: of points for `forget`, of packs for `repair`. */
export interface CareTask {
  /** `project/stack`. */
  owner: string;
  /** Where the Lease and the job's own pods are. */
  home: string;
  /** The repository, for people. */
  repository: string;
  services: CareService[];
  /** In so many days all data of the repository is read once. */
  cycle: number;
}

/** What `preview` prints of a service. */
export interface ServicePreview {
  service: string;
  /** How many points it has. */
  points: number;
  forget: Point[];
  /** Why nothing is forgotten for now. */
  waits?: string;
}

/** What `preview` prints before some of the points of a service, as one line of JSON. */
export const previewPrefix = "would forget: ";

/** What `check` prints before what is wrong (`Damage`), as one line of JSON. */
export const damagePrefix = "damage: ";

/** What is wrong in a repository. */
export interface Damage {
  /** Ids of the packs that can't be read; empty where something else is wrong. */
  packs: string[];
  /** restic's first words on it. */
  said: string;
}

/** On the Lease: what the last care came to, as JSON (`Cared`). */
export const caredAnnotation = "cluster-storage/cared";

/** On the Lease: points were forgotten, and what they alone had is not yet removed. */
export const pruneDueAnnotation = "cluster-storage/prune-due";

/** What the last care came to. */
export interface Cared {
  /** ISO time. */
  at: string;
  /** How many points it has forgotten. */
  forgotten: number;
  /** By service: why nothing was forgotten though the policy says so. */
  waits: Record<string, string>;
  checked?: Checked;
  /** Why it did not get to its end. */
  error?: string;
}
