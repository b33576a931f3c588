import type { NodeFacts } from "./node-facts";
import type { Toleration } from "./pod-settings";
import type { LimitRangeFacts, QuotaFacts } from "./limit-facts";

/* What was read from a cluster's objects, as plain values. One function in kube/read/ fills each type. Types only. */

/** Lists of a cluster's objects. An absent list could not be read, mostly because the right is missing. */
export interface ListedFacts {
  nodes?: NodeFacts[];
  classes?: ClassFacts[];
  /** Every claim, whoever made it; those that are being deleted are marked so. */
  claims?: ClaimFacts[];
  volumes?: VolumeFacts[];
  /** Deployments that provision volumes by a provisioner's name, whoever installed them. */
  provisioners?: ProvisionerFacts[];
  /** Names of the CSIDriver objects. */
  drivers?: string[];
  /** Full names of the custom resource definitions, such as `volumes.longhorn.io`. */
  definitions?: string[];
  /** By definition: the Helm release that it belongs to, as `namespace/name`; "" for none. */
  releases?: Readonly<Record<string, string>>;
  /** Names of validating and mutating webhook configurations. */
  webhooks?: string[];
  namespaces?: NamespaceFacts[];
  quotas?: QuotaFacts[];
  limitRanges?: LimitRangeFacts[];
}

/**
 * What the plan is compared with before anything is created. An update needs the classes and the claims. The volumes
 * are absent where they may not be listed. The nodes are also absent where the config names no node for a new volume,
 * and the definitions' releases where no chart makes definitions that may be there already.
 */
export interface ClusterFacts
  extends Required<Pick<ListedFacts, "classes" | "claims">>, Pick<ListedFacts, "nodes" | "volumes" | "releases"> {
  /** Ports that the API server listens on by the cluster's own record; absent where that may not be read. */
  apiPorts?: number[];
  /** The API server as the kubeconfig has it, such as `https://10.0.0.1:6443`; absent in a plan without a cluster. */
  server?: string;
  /** Pods and workloads in the plan's namespaces; absent where they may not be listed. */
  runs?: RunFacts[];
  /** The cluster's identity: the uid of its kube-system namespace; absent where that may not be read. */
  uid?: string;
  /** When that namespace was made, as an ISO time. */
  made?: string;
  /** The identity of the cluster that the stack's last update went to. */
  deployedTo?: string;
  /** The uids of the claims that the stack had after its last update, by `namespace/name`. */
  known?: Readonly<Record<string, string>>;
  /** How often each service's passwords had been given, the first time included, after the stack's last update. */
  rotations?: Readonly<Record<string, number>>;
}

/** What every object has. */
export interface ObjectFacts {
  name: string;
  /** `project/stack` whose mark it bears; absent: it belongs to no stack. */
  stack?: string;
}

export interface ClassFacts extends ObjectFacts {
  provisioner: string;
  parameters: Record<string, string>;
  reclaimPolicy: string;
  bindingMode: string;
  allowsExpansion: boolean;
  isDefault: boolean;
  /** The default flag is the old (beta) annotation, which this program never switches off. */
  isDefaultByBeta: boolean;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  /** `project/stack` that switched its default flag off. */
  switchedOffBy?: string;
}

export interface ClaimFacts extends ObjectFacts {
  namespace: string;
  uid: string;
  /** The service that it belongs to, by its label; "" without one. */
  service: string;
  /** Absent: the cluster's default. */
  className?: string;
  /** The size that it asks for, a quantity. */
  size: string;
  /** The size of its volume, a quantity; absent until there is a volume. */
  capacity?: string;
  /** Pending, Bound or Lost. */
  phase: string;
  /** The PersistentVolume that it has, or that it names and waits for. */
  volume?: string;
  accessModes: string[];
  /** The node that the scheduler chose for it or was given; absent where volumes are made before there is a pod. */
  node?: string;
  /** Its stack's config allows it to be deleted with its service. */
  unprotected: boolean;
  /** It is being deleted: the object stays until no pod uses it. */
  deleting: boolean;
  annotations: Record<string, string>;
  /** When it was made, as an ISO time. */
  created?: string;
}

export interface VolumeFacts {
  name: string;
  /** "" for none. */
  className: string;
  /** A quantity. */
  size: string;
  /** Available, Bound, Released or Failed. */
  phase: string;
  /** Why it is in this phase, where the cluster says it. */
  message?: string;
  reclaimPolicy: string;
  accessModes: string[];
  /** Directory on the node of a local or hostPath volume. */
  path?: string;
  /** Driver of a CSI volume. */
  driver?: string;
  /**
   * The only nodes that can reach it, by their label kubernetes.io/hostname; absent where its affinity doesn't limit it
   * to single nodes. `nodesOf` and `isReachedFrom` of model/nodes.ts compare it with nodes.
   */
  tiedTo?: string[];
  /** `tiedTo` has the nodes' names. Default: their labels. */
  tiedByName?: boolean;
  /** `namespace/name` of the claim that it is bound to or kept for. */
  claim?: string;
  /** The uid of that claim; absent where any claim of that name may take the volume. */
  claimUid?: string;
  /** A provisioner made it, so the provisioner deletes its data with it. */
  provisioned: boolean;
  deleting: boolean;
  /** When it was made, as an ISO time. */
  created?: string;
  /** A release of it has begun. Absent: none has, or the note can't be read. */
  releasing?: ReleaseNote;
}

/** What a release notes on a volume before it deletes the volume's claim. */
export interface ReleaseNote {
  /** `project/stack` that releases it. */
  stack: string;
  /** The uid of the claim that is deleted. */
  claim: string;
}

export interface ProvisionerFacts {
  namespace: string;
  deployment: string;
  /** The name by which classes refer to it, such as `rancher.io/local-path`. */
  provisioner: string;
  image: string;
  replicas: number;
  stack?: string;
}

export interface NamespaceFacts extends ObjectFacts {
  labels: Record<string, string>;
  /** Active or Terminating. */
  phase: string;
}

/** A Deployment or StatefulSet, as far as its volumes go. */
export interface WorkloadFacts {
  /** The move that has stopped it, by its job's name. */
  moving?: string;
  /** The claims that its pods or its templates name, except a claim from which a directory is only filled (a spill). */
  claims: ReadonlySet<string>;
}

/** A pod or a workload of a service, by which the engine that wrote its volumes is told. */
export interface RunFacts {
  kind: "Pod" | "Deployment" | "StatefulSet";
  namespace: string;
  name: string;
  /** By its label; its program's container has the same name. */
  service: string;
  /** Of its program. */
  image: string;
  /** Of a pod: its program was started, now or before. False for a workload. */
  ran: boolean;
  /** Names of its claims. */
  claims: string[];
  /** Of a pod that has been scheduled. */
  node?: string;
  /** Of a workload: the taints that its pods tolerate; absent where they tolerate none. */
  tolerations?: Toleration[];
}

/** A pod that hasn't ended and that has claims mounted, or waits for them. */
export interface PodFacts {
  namespace: string;
  pod: string;
  /** What recreates it, such as Deployment `redis`; absent for a pod that nothing recreates. */
  owner?: { kind: string; name: string };
  /** Names of its claims. */
  claims: string[];
}
