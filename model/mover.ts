/** What a move's Job is given, and what the parts of the mover tell each other. Types only. */
import type { Guard, Held } from "./copy-guard";
import type { ExportRecipe } from "./export-recipe";
import type { MovePods } from "./move-places";
import type { RestoreSource } from "./restore";

/** One end of a move. */
export interface MoveEnd {
  /** The claim's name; absent for an emptyDir (source of a `fill`, target of a `spill`). */
  claim?: string;
  generation: number;
  accessMode?: "ReadWriteOnce" | "ReadWriteOncePod" | "ReadWriteMany" | "ReadOnlyMany";
  /** Kubernetes quantity that a source's claim asks for. A target may grow later, which must not run the job again. */
  size?: string;
  /** The node on which its volume is made; absent where nothing states one. */
  node?: string;
}

/** What a workload's pod has after a `spill`, as declared: complete lists, with the init container that copies. */
export interface SpillPod {
  initContainers: { name: string }[];
  volumes: { name: string; emptyDir?: { sizeLimit?: string } }[];
}

/** A directory of the volume in the container. */
export interface FillMount {
  path: string;
  subPath?: string;
}

/** Another volume of the same pod. The pod goes only once, so this volume leaves together with the first. */
export interface OtherFill {
  volume: string;
  mounts?: FillMount[];
  source: MoveEnd;
  target: MoveEnd;
  replace: boolean;
  exportRecipe: ExportRecipe;
}

/** Another volume of a pod that goes to another node. With one volume on each node, the pod could start on neither. */
export interface OtherCopy {
  volume: string;
  source: MoveEnd;
  target: MoveEnd;
  replace: boolean;
}

/** How the pods at both ends of a move find and know each other. */
export interface Across {
  /** Secret of the namespace, and its key that holds the secret that only the two pods are given. */
  secret: string;
  key: string;
  /** The port on which the pod at the source listens. */
  port: number;
}

/** The Job's environment variable MOVE, as JSON. */
export interface Move extends MovePods {
  /** Claim to claim, emptyDir to claim, claim to emptyDir; a point of the repository to a claim. */
  kind: "copy" | "fill" | "spill" | "restore";
  /** The Job's own name; the workload is marked with it while it moves. */
  job: string;
  service: string;
  namespace: string;
  workload: { kind: "Deployment" | "StatefulSet"; name: string };
  /** Name of the volume in the workload's pod; a template's claim is named by `template` instead. */
  volume: string;
  /** Of a `fill`: where the volume is mounted. A pod that was made by hand may have other names. */
  mounts?: FillMount[];
  source: MoveEnd;
  target: MoveEnd;
  /** Of a StatefulSet whose claim comes from a template: the template's name in each generation. */
  template?: { from: string; to: string };
  identity: { uid: number; gid: number };
  /** Of the copy pods: Node 22 with GNU coreutils and tar. */
  image: string;
  /** ConfigMap with the mover's programs. */
  scripts: string;
  /** The time that the service's pod has to end. */
  graceSeconds: number;
  /** The target is an earlier generation: what it holds is brought up to date instead of refused. */
  replace: boolean;
  /** The volumes may be on two nodes: a pod at the source serves it to the copy pod. */
  across?: Across;
  /** Of a move `across` and of a `restore`: the other volumes of the same pod that go too. */
  together?: OtherCopy[];
  /** `project/stack`, written on what the orchestrator makes. */
  owner: string;
  /** Of a `fill`. */
  exportRecipe?: ExportRecipe;
  /** Of a `fill`: the other volumes that leave the same pod. The claim of each is mounted beside this one's. */
  others?: OtherFill[];
  /** Of a `fill` or a `spill`: the service's container and what it may use then, which the data in the pod changes. */
  container?: { name: string; resources: object };
  /** Of a `spill`. */
  pod?: SpillPod;
  /** Of a `restore`; `source` is the volume that the service leaves. */
  restore?: RestoreSource;
}

/** The address at which a pod serves the source. */
export interface Remote {
  host: string;
  port: number;
  /** The identity that belongs to its key: the name of the move's job. */
  identity: string;
}

/** A copy pod's environment variable COPY, as JSON. */
export interface CopyTask {
  /** Directory that the source is mounted at, unless it is `remote`. */
  source: string;
  target: string;
  /** For people. */
  sourceName: string;
  targetName: string;
  /** The source claim's uid, or another text that no other source has. */
  sourceId: string;
  /** Kubernetes quantity that the target asks for; absent where it asks for none. */
  size?: string;
  /** The target's content is superseded. */
  replace: boolean;
  /** The target's content is known to be a copy of this source that was never in use. */
  resume: boolean;
  /** A target that has content is left as it is, unless the content is an unfinished copy. */
  onlyEmpty?: boolean;
  /** Absent: a source is copied whatever it holds, over whatever may be replaced. */
  guard?: Guard;
  /** For people: what to do where the target's content is not this copy's. */
  wayOut?: string;
  remote?: Remote;
}

/** The environment variable SERVE of the pod at a move's source, as JSON. */
export interface ServeTask extends Pick<CopyTask, "source" | "sourceName"> {
  /** The job's name. */
  identity: string;
  port: number;
  /** The pod ends after this many milliseconds without a request. Default: an hour. */
  idle?: number;
}

/** What the copy program reports about the source and about the room at the target. */
export interface Measured {
  files: number;
  directories: number;
  /** Disk space in use, hard links counted once. */
  bytes: number;
  inodes: number;
  /**
   * Bytes of the target's file system that are free for this user, plus what removing the target's content would free.
   */
  free: number;
  /** 0 where the file system has no fixed number. */
  freeInodes: number;
  /** The id of the newest point, where that was asked for. */
  point?: string;
}

/** What a finished copy reports. */
export interface Copied {
  files: number;
  directories: number;
  /** Sum of the files' sizes, hard links counted once. */
  bytes: number;
  seconds: number;
  /** One digest over all paths and the digests of their content. */
  sha256: string;
}

/** A line of the copy program's output. */
export interface ProgressLine extends Held {
  phase: "measure" | "copy" | "sync" | "check";
  total: number;
  /** Bytes a second since the phase began. */
  rate: number;
  secondsLeft: number;
}

/** How the copy program ends: its pod's termination message. `transient`: the same may go well later. */
export type Outcome<Result = Measured | Copied> = { result: Result } | { error: string; transient: boolean };

/** `cluster-storage/moved` on the target claim, as JSON. */
export interface Moved extends Copied {
  /** The source claim's name; `emptyDir` where it had none, `point ID` of a restore. */
  from: string;
  /** ISO time of the switch. */
  at: string;
}

/** `cluster-storage/moved-to` on the source claim, as JSON. */
export interface MovedTo {
  /** The target claim's name; `emptyDir` where it had none. */
  to: string;
  at: string;
  /** The target claim's uid and the name of its volume; absent in the notes of earlier versions, and of an emptyDir. */
  uid?: string;
  volume?: string;
}
