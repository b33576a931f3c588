/** The report on what a change does to a stack's data. Its JSON form is what docs/impact.md describes. Types only. */

/** What becomes of a volume. */
export type Fate =
  "kept" | "created" | "grown" | "moved" | "adopted" | "ephemeral" | "unprotected" | "replaced" | "deleted";

export interface VolumeImpact {
  /**
   * `namespace/claim`; for a directory that goes with its pod, `namespace/service` and the volume's name in the pod.
   */
  volume: string;
  service: string;
  fate: Fate;
  /** What the change makes of it; of a deleted one, what it was. */
  size: string;
  /** "" for static volumes only; null where the cluster's default is taken and not known yet. */
  class: string | null;
  /** Where it differs from what it is to be. */
  before?: { size?: string; class?: string | null };
  /** Where the data comes from. */
  move?: MoveImpact;
  /** What a person has to know beside it. */
  notes: string[];
  /** Data would be lost, or be left without protection. */
  atRisk: boolean;
}

export interface MoveImpact {
  /** The claim that the data is copied from; `emptyDir` where it is in the running pod. */
  from: string;
  /** Only where the data may go from one node's disk to another's: the nodes, as far as the config names them. */
  across?: { from?: string; to?: string };
  /** At most so much is copied: what the source asks for. */
  atMost?: string;
  /** How long the service is down, in words; absent where nothing is known of it. */
  downtime?: string;
}

/** Something else that data depends on, such as the namespace or a generated password, and that is lost. */
export interface GuardedImpact {
  resource: string;
  fate: "unprotected" | "replaced" | "deleted";
}

/** Why the program, the engine or the cluster won't have the change. */
export interface Refusal {
  /** `data`: it would cost data. `cluster`: the cluster can't carry it, such as for a quota. */
  about: "data" | "cluster";
  /** Path in the stack config, the resource, or the preflight check. */
  where: string;
  message: string;
}

export interface WorkloadImpact {
  workload: string;
  change: "starts" | "restarts" | "stops" | "replaced" | "scaled";
  /** What of it changes: `image a → b`, `resources` … */
  because: string[];
}

/** How many resources of each kind, by what happens to them. */
export type Counts = Partial<
  Record<"created" | "imported" | "updated" | "replaced" | "deleted", Record<string, number>>
>;

export interface Impact {
  stack: string;
  /**
   * at-risk: data is lost or left unprotected, or would be if the change were not refused. refused: the cluster can't
   * carry it.
   */
  result: "safe" | "at-risk" | "refused";
  /** false: the program refused the change before it said what else there is. */
  complete: boolean;
  volumes: VolumeImpact[];
  guarded: GuardedImpact[];
  refusals: Refusal[];
  workloads: WorkloadImpact[];
  /** Everything that is neither a volume nor a workload. */
  rest: Counts;
  unchanged: number;
  /** What the program says of the change. */
  warnings: string[];
}
