/** The report on what a change does to a stack's data. Its JSON form is what docs/impact.md describes. Types only. */

/** What happens to a volume. */
export type Fate =
  | "kept"
  | "created"
  | "grown"
  | "moved"
  | "adopted"
  | "ephemeral"
  | "cleaned"
  | "unprotected"
  | "replaced"
  | "deleted"
  // What the cluster shows of a volume that the state has: no claim, a claim that goes with its pod, or no volume.
  | "missing"
  | "deleting"
  | "lost";

export interface VolumeImpact {
  /**
   * `namespace/claim`. For a directory that is deleted with its pod: `namespace/service` and the volume's
   * name in the pod.
   */
  volume: string;
  service: string;
  fate: Fate;
  /** The size after the change; for a deleted volume, the size before it. */
  size: string;
  /** "" means static volumes only; null means the cluster's default, which is not known yet. */
  class: string | null;
  /** The values before the change, where they differ. */
  before?: { size?: string; class?: string | null };
  /** Where the data comes from. */
  move?: MoveImpact;
  /** Only if the change lets a job remove files that stayed until now. */
  cleanup?: CleanupImpact;
  /** What else a person has to know. */
  notes: string[];
  /** True if data would be lost or left without protection. */
  atRisk: boolean;
}

export interface MoveImpact {
  /** The claim that the data is copied from; `emptyDir` if the data is in the running pod. */
  from: string;
  /** Only if the data may go from one node's disk to another's: the nodes that the config names. */
  across?: { from?: string; to?: string };
  /** The most that is copied: the size that the source asks for. */
  atMost?: string;
  /** How long the service is down, in words; absent if nothing is known about it. */
  downtime?: string;
}

/** A clean-up that is new, or whose days get fewer. */
export interface CleanupImpact {
  olderThanDays: number;
  /** The days before the change; absent if there was no clean-up. */
  before?: number;
  /** Cron's five fields. */
  schedule: string;
  /** What is on the volume now, and what of it would go; a text says why that is not known. */
  found?: CleanupFound | string;
}

export interface CleanupFound {
  files: number;
  bytes: number;
  oldFiles: number;
  oldBytes: number;
}

/** Another resource that data depends on, such as the namespace or a generated password, and that is lost. */
export interface GuardedImpact {
  resource: string;
  fate: "unprotected" | "replaced" | "deleted";
}

/** Why the program, the engine or the cluster refuses the change. */
export interface Refusal {
  /** `data`: the change would cost data. `cluster`: the cluster can't take it, for example because of a quota. */
  about: "data" | "cluster";
  /** Path in the stack config, the resource, or the preflight check. */
  where: string;
  message: string;
}

export interface WorkloadImpact {
  workload: string;
  change: "starts" | "restarts" | "stops" | "replaced" | "scaled";
  /** What changes in the workload: `image a → b`, `resources` … */
  because: string[];
}

/** How many resources of each kind, by what happens to them. */
export type Counts = Partial<
  Record<"created" | "imported" | "updated" | "replaced" | "deleted", Record<string, number>>
>;

export interface Impact {
  stack: string;
  /**
   * at-risk: data is lost or left unprotected, or would be if the change were not refused.
   * refused: the cluster can't take the change.
   */
  result: "safe" | "at-risk" | "refused";
  /** false: the program refused the change before it planned the other resources. */
  complete: boolean;
  volumes: VolumeImpact[];
  guarded: GuardedImpact[];
  refusals: Refusal[];
  workloads: WorkloadImpact[];
  /** Everything that is neither a volume nor a workload. */
  rest: Counts;
  unchanged: number;
  /** The warnings that the preview prints about the change. */
  warnings: string[];
}
