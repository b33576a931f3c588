/** What a move's Job is told, and what its parts say to each other. Types only. */
import type { ExportRecipe } from "./export-recipe";

/** One end of a move. */
export interface MoveEnd {
  /** The claim's name; absent for an emptyDir (source of a `fill`, target of a `spill`). */
  claim?: string;
  generation: number;
  accessMode?: "ReadWriteOnce" | "ReadWriteOncePod" | "ReadWriteMany" | "ReadOnlyMany";
  /** Kubernetes quantity that the claim asks for. */
  size?: string;
  /** The node that its volume is made on; absent where nothing says it. */
  node?: string;
}

/**
 * What a workload's pod has once a `spill` is done, as the stack declares it: whole lists, the copying init container
 * among them.
 */
export interface SpillPod {
  initContainers: { name: string }[];
  volumes: { name: string; emptyDir?: { sizeLimit?: string } }[];
}

/** A directory of the volume in the container. */
export interface FillMount {
  path: string;
  subPath?: string;
}

/** Another volume of a pod that goes once: it leaves with the first. */
export interface OtherFill {
  volume: string;
  mounts?: FillMount[];
  source: MoveEnd;
  target: MoveEnd;
  replace: boolean;
  exportRecipe: ExportRecipe;
}

/** Another volume of a pod that goes to another node: with one volume on either, it could start on neither. */
export interface OtherCopy {
  volume: string;
  source: MoveEnd;
  target: MoveEnd;
  replace: boolean;
}

/** How the pods at both ends of a move find and know each other. */
export interface Across {
  /** Secret of the namespace, and which of its keys holds what only the two are given. */
  secret: string;
  key: string;
  /** That the pod at the source listens on. */
  port: number;
}

/** The Job's environment variable MOVE, as JSON. */
export interface Move {
  /** Claim to claim, emptyDir to claim, claim to emptyDir. */
  kind: "copy" | "fill" | "spill";
  /** The Job's own name; the workload is marked with it while it moves. */
  job: string;
  service: string;
  namespace: string;
  workload: { kind: "Deployment" | "StatefulSet"; name: string };
  /** Name of the volume in the workload's pod; a template's claim is named by `template` instead. */
  volume: string;
  /**
   * Of a `fill`: where the volume is mounted. A pod that was made by hand may have other names, for its container too.
   */
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
  /** What the service's pod is given to end. */
  graceSeconds: number;
  /** The target is an earlier generation: what it holds is brought up to date instead of refused. */
  replace: boolean;
  /** The volumes may be on two nodes: a pod at the source serves it to the copy pod. */
  across?: Across;
  /** Of a move `across`: the other volumes of the same pod that go too. */
  together?: OtherCopy[];
  /** `project/stack`, written on what the orchestrator makes. */
  owner: string;
  /** Of a `fill`. */
  exportRecipe?: ExportRecipe;
  /** Of a `fill`: the other volumes that leave the same pod, each with its claim mounted beside this one's. */
  others?: OtherFill[];
  /** Of a `spill`. */
  pod?: SpillPod;
}

/** Where a pod serves the source. */
export interface Remote {
  host: string;
  port: number;
  /** What its key is for: the move's job. */
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
  /** What the target holds is superseded. */
  replace: boolean;
  /** What the target holds is known to be a copy of this source that was never in use. */
  resume: boolean;
  /** A target that holds something is left as it is, unless that is an unfinished copy. */
  onlyEmpty?: boolean;
  remote?: Remote;
}

/** The environment variable SERVE of the pod at a move's source, as JSON. */
export interface ServeTask extends Pick<CopyTask, "source" | "sourceName"> {
  /** The job's name. */
  identity: string;
  port: number;
  /** Milliseconds in which nobody asks until it ends. Default: an hour. */
  idle?: number;
}

/** What the copy program says of the source, and of the room at the target. */
export interface Measured {
  files: number;
  directories: number;
  /** Disk space in use, hard links counted once. */
  bytes: number;
  inodes: number;
  /** Of the target's file system: free for this user, what the target's own content would give back added. */
  free: number;
  /** 0 where the file system has no fixed number. */
  freeInodes: number;
}

/** What a finished copy says. */
export interface Copied {
  files: number;
  directories: number;
  /** Sum of the files' sizes, hard links counted once. */
  bytes: number;
  seconds: number;
  /** Over all paths and their content's digests. */
  sha256: string;
}

/** A line of the copy program's output. */
export interface ProgressLine {
  phase: "measure" | "copy" | "sync" | "check";
  bytes: number;
  total: number;
  files: number;
  /** Bytes a second since the phase began. */
  rate: number;
  secondsLeft: number;
}

/** How the copy program ends: its pod's termination message. */
export type Outcome<Result = Measured | Copied> =
  | { result: Result }
  // `transient`: the same may go well later.
  | { error: string; transient: boolean };

/** `cluster-storage/moved` on the target claim, as JSON. */
export interface Moved extends Copied {
  /** The source claim's name; `emptyDir` where it had none. */
  from: string;
  /** ISO time of the switch. */
  at: string;
}

/** `cluster-storage/moved-to` on the source claim, as JSON. */
export interface MovedTo {
  to: string;
  at: string;
}
