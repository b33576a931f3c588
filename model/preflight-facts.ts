import type { NodeFacts } from "./node-facts";

/**
 * What preflight's checks go by: what was read of a cluster, as plain values. Types only.
 * A list that is absent could not be read, mostly for want of rights: a check that needs it is skipped and says so.
 */

export interface PreflightFacts {
  server: ServerFacts;
  /** Rights that the update needs, and whether the API server grants them. */
  access: AccessAnswer[];
  /** Rights that the update's roles give to others, and whether the API server lets the caller give them. */
  grants: GrantAnswer[];
  nodes?: NodeFacts[];
  classes?: ClassFacts[];
  claims?: ClaimFacts[];
  volumes?: VolumeFacts[];
  /** Deployments that provision volumes by a provisioner's name, whoever installed them. */
  provisioners?: ProvisionerFacts[];
  /** Names of the CSIDriver objects. */
  drivers?: string[];
  /** Full names of the custom resource definitions, such as `volumes.longhorn.io`. */
  definitions?: string[];
  /** Names of validating and mutating webhook configurations. */
  webhooks?: string[];
  namespaces?: NamespaceFacts[];
  quotas?: QuotaFacts[];
  limitRanges?: LimitRangeFacts[];
  /** One answer for each NFS server that the stack names, asked from the machine that runs preflight. */
  servers: ServerAnswer[];
}

/** What a check needs to be found out that is not asked of every cluster. */
export interface Questions {
  /** The kubelets are asked what their disks hold. */
  kubelets?: boolean;
  /** NFS servers that are tried from here. */
  servers?: string[];
  /** The rest is for the probe pods: directories of the nodes, */
  paths?: string[];
  /** programs by name, */
  programs?: string[];
  /** disks and volume groups, */
  disks?: boolean;
  /** and what NFS servers export. */
  exports?: { server: string; share: string }[];
}

export interface ServerFacts {
  /** Of the API server, such as `https://10.0.0.1:6443`. */
  url: string;
  /** As it states it, such as `v1.36.2`. */
  version: string;
}

export interface Access {
  verb: string;
  /** "" for the core group. */
  group: string;
  /** With what is below it after a slash, such as `pods/log`. */
  resource: string;
  /** Of one object; absent: of any. */
  name?: string;
  /** Absent: in all namespaces, or of a kind that is in none. */
  namespace?: string;
}

export interface AccessAnswer extends Access {
  allowed: boolean;
}

/** A right that a role gives; with a namespace it is a Role there, without one a ClusterRole. */
export interface Grant extends Access {
  /** Whom it is for, such as `the move of redis`. */
  to: string;
}

export interface GrantAnswer extends Grant {
  allowed: boolean;
}

export interface ClassFacts {
  name: string;
  provisioner: string;
  parameters: Record<string, string>;
  reclaimPolicy: string;
  bindingMode: string;
  allowsExpansion: boolean;
  isDefault: boolean;
  /** The flag stands in the old annotation, which nothing that this program does switches off. */
  isDefaultByBeta: boolean;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  /** `project/stack` that switched its default flag off. */
  switchedOffBy?: string;
  /** `project/stack` that made it; absent: somebody else's. */
  stack?: string;
}

export interface ClaimFacts {
  namespace: string;
  name: string;
  className?: string;
  /** Requested, a quantity. */
  size: string;
  phase: string;
  volume?: string;
  /** `project/stack` that made it; absent: somebody else's. */
  stack?: string;
}

export interface VolumeFacts {
  name: string;
  className: string;
  /** A quantity. */
  size: string;
  phase: string;
  accessModes: string[];
  /** Directory on the node of a local or hostPath volume. */
  path?: string;
  /** Driver of a CSI volume. */
  driver?: string;
  /** The nodes that its affinity names. */
  nodes: string[];
  /** `namespace/name` of the claim that it is bound to or kept for. */
  claim?: string;
}

export interface ProvisionerFacts {
  namespace: string;
  deployment: string;
  /** What classes name, such as `rancher.io/local-path`. */
  provisioner: string;
  image: string;
  replicas: number;
  stack?: string;
}

export interface NamespaceFacts {
  name: string;
  labels: Record<string, string>;
  /** Active or Terminating. */
  phase: string;
  stack?: string;
}

export interface QuotaFacts {
  namespace: string;
  name: string;
  /** Quantities by resource, such as `requests.storage`. */
  hard: Record<string, string>;
  used: Record<string, string>;
}

export interface LimitRangeFacts {
  namespace: string;
  name: string;
  /** `PersistentVolumeClaim`, `Container` or `Pod`. */
  type: string;
  min: Record<string, string>;
  max: Record<string, string>;
}

export interface ServerAnswer {
  host: string;
  port: number;
  /** Absent where a connection could be opened; else why not, such as ECONNREFUSED. */
  fault?: string;
}
