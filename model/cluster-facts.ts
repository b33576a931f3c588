/** What was read of the cluster before anything is created. */
export interface ClusterFacts {
  classes: { name: string; isDefault: boolean; switchedOffBy?: string; expand?: boolean }[];
  /** Every claim, whoever made it. */
  claims: ClaimFact[];
  /** The nodes' names; absent where no claim has to be made on one by name, and where they may not be read. */
  nodes?: string[];
  /** The cluster's identity: the uid of its kube-system namespace, where it may be read. */
  uid?: string;
  /** That of the cluster that the stack's last update went to. */
  deployedTo?: string;
}

/** A claim as the cluster has it. */
export interface ClaimFact {
  namespace: string;
  name: string;
  /** By its label; "" without. */
  service: string;
  /** `project/stack` of who made it; absent where it bears no mark. */
  owner?: string;
  className?: string;
  /** The PersistentVolume that it has, or waits for by name. */
  volumeName?: string;
  accessModes: string[];
  /** The node that the scheduler chose for it, or was told; absent where volumes are made before there is a pod. */
  node?: string;
  /** What it asks for. */
  size: string;
  bound: boolean;
  /** Its config lets it go with its service. */
  unprotected: boolean;
}
