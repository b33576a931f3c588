/** What the stack config says of where a service's pod runs, and of what is written on it. Types only. */

export interface Requirement {
  key: string;
  operator: "In" | "NotIn" | "Exists" | "DoesNotExist" | "Gt" | "Lt";
  values?: string[];
}

/** Its expressions all have to hold. One without any holds nowhere. */
export interface NodeTerm {
  matchExpressions?: Requirement[];
  /** By `metadata.name`, the only field that there is. */
  matchFields?: Requirement[];
}

export interface LabelSelector {
  matchLabels?: Record<string, string>;
  matchExpressions?: Requirement[];
}

export interface PodTerm {
  labelSelector: LabelSelector;
  topologyKey: string;
  namespaces?: string[];
  namespaceSelector?: LabelSelector;
  matchLabelKeys?: string[];
  mismatchLabelKeys?: string[];
}

export interface PodAffinity {
  requiredDuringSchedulingIgnoredDuringExecution?: PodTerm[];
  preferredDuringSchedulingIgnoredDuringExecution?: { weight: number; podAffinityTerm: PodTerm }[];
}

/** Kubernetes' own object. */
export interface Affinity {
  nodeAffinity?: {
    /** One of its terms has to hold. */
    requiredDuringSchedulingIgnoredDuringExecution?: { nodeSelectorTerms: NodeTerm[] };
    preferredDuringSchedulingIgnoredDuringExecution?: { weight: number; preference: NodeTerm }[];
  };
  podAffinity?: PodAffinity;
  podAntiAffinity?: PodAffinity;
}

export type TaintEffect = "NoSchedule" | "PreferNoSchedule" | "NoExecute";

export interface Toleration {
  /** Absent: of every key. */
  key?: string;
  /** Default: Equal. */
  operator?: "Equal" | "Exists";
  value?: string;
  /** Absent: every effect. */
  effect?: TaintEffect;
  /** How long the pod stays after a taint of effect NoExecute has come; absent: for ever. */
  tolerationSeconds?: number;
}

export interface Spread {
  maxSkew: number;
  topologyKey: string;
  whenUnsatisfiable: "DoNotSchedule" | "ScheduleAnyway";
  /** Absent: the stack's pods in the namespace. */
  labelSelector?: LabelSelector;
  minDomains?: number;
  nodeAffinityPolicy?: "Honor" | "Ignore";
  nodeTaintsPolicy?: "Honor" | "Ignore";
  matchLabelKeys?: string[];
}

/** Each key is absent where neither the service nor the stack's defaults say anything. */
export interface PodSettings {
  nodeSelector?: Record<string, string>;
  affinity?: Affinity;
  tolerations?: Toleration[];
  topologySpreadConstraints?: Spread[];
  priorityClassName?: string;
  /** Names of Secrets in the service's namespace. */
  imagePullSecrets?: string[];
  imagePullPolicy?: "Always" | "IfNotPresent" | "Never";
  podAnnotations?: Record<string, string>;
  podLabels?: Record<string, string>;
  /** Whether Velero takes its volumes; absent: those that nothing else covers. */
  velero?: boolean;
}

/** What every pod needs that works for a service, wherever it runs: to be let on to nodes, and to get its image. */
export type PodPasses = Pick<PodSettings, "tolerations" | "priorityClassName" | "imagePullSecrets">;
