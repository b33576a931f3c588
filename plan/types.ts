import type { Leave } from "../mover/types";

/** What flows from the catalogue and the stack config through the plan to the components. Types only. */

export type AccessMode = "ReadWriteOnce" | "ReadWriteOncePod" | "ReadWriteMany" | "ReadOnlyMany";
export type ReclaimPolicy = "Delete" | "Retain";
export type WorkloadKind = "Deployment" | "StatefulSet";

/** Something wrong in the stack config: where (below `cluster-storage:`), and what would be right. */
export interface Fault {
  path: string;
  message: string;
}

export interface Amounts {
  cpu?: string;
  memory?: string;
}

/** Requests and limits of a container, in Kubernetes quantities. */
export interface Resources {
  requests: Amounts;
  limits: Amounts;
}

export interface Identity {
  uid: number;
  gid: number;
}

export interface Port {
  name: string;
  port: number;
}

/** A value, a key of the service's Secret as a variable, or the path of a key mounted as a file. */
export type EnvVar =
  | { name: string; value: string }
  // `of`: another service's Secret, in the same namespace.
  | { name: string; secret: string; of?: string }
  | { name: string; secretFile: string };

export type ProbeAction = { exec: string[] } | { http: { path: string; port: number } } | { tcp: number };

/** A probe; seconds between tries and failures until it counts have Kubernetes' defaults (10 and 3). */
export interface Probe {
  action: ProbeAction;
  periodSeconds?: number;
  timeoutSeconds?: number;
  failureThreshold?: number;
}

export interface Probes {
  startup?: Probe;
  readiness: Probe;
  liveness?: Probe;
}

export interface Mount {
  path: string;
  /** Directory of the volume that is mounted; the whole volume when absent. */
  subPath?: string;
}

/** One step of a persistence check. `{{key}}` and `{{value}}` are substituted in every string. */
export type CheckStep =
  | { exec: string[] }
  | {
      http: {
        method: string;
        port: number;
        path: string;
        body?: string;
        headers?: Record<string, string>;
        secretHeader?: { name: string; secret: string; key: string; prefix?: string };
      };
    };

/** How to write a record through the service's own interface, and read it back: the last read's output contains `{{value}}`. */
export interface PersistenceCheck {
  container: string;
  write: CheckStep[];
  read: CheckStep[];
}

/** One generation of a claim: a volume of its own, declared until it is released. */
export interface VolumePlan {
  /** The claim's name in the cluster; nothing has it where the volume is ephemeral. */
  name: string;
  /** The template's name, where the StatefulSet's controller names the claim. */
  template?: string;
  service: string;
  namespace: string;
  /** Where the config says it, below `cluster-storage:`. */
  path: string;
  generation: number;
  /** What storageClassName holds: a name, "" for static volumes only, absent for the cluster's default. */
  className?: string;
  /** The PersistentVolume that it takes, where that was made by hand. */
  volumeName?: string;
  size: string;
  accessMode: AccessMode;
  backend?: string;
  /** A directory that goes with the pod: there is no claim. */
  ephemeral: boolean;
  protect: boolean;
  annotations: Record<string, string>;
}

/** How the data of one generation gets to another: a job of this name, once. */
export interface MovePlan {
  job: string;
  /** From claim to claim, from the running pod's own directory to a claim, or from a claim to such a directory. */
  kind: "copy" | "fill" | "spill";
  from: VolumePlan;
  /** The target is an earlier volume, whose content was superseded. */
  replace: boolean;
  /** How the data leaves the running pod, where it has to; absent where nobody knows how. */
  leave?: Leave;
}

/** What a service stores in one place: the volume in use, and the others that are kept. */
export interface ClaimPlan extends VolumePlan {
  /** The volume's name in the pod, whichever generation it is. */
  volume: string;
  mounts: Mount[];
  kept: VolumePlan[];
  move?: MovePlan;
}

export interface CredentialPlan {
  key: string;
  length: number;
  value?: string;
}

/** A peer of a network policy: pods of a service, or a whole namespace. */
export interface Peer {
  namespace: string;
  service?: string;
}

export interface NetworkPlan {
  /** Beside its own namespace. */
  from: Peer[];
  to: { peer: Peer; ports: number[] }[];
  internet: boolean;
}

export interface DatabasePlan {
  /** Host, image and namespace of the server, and its uid. */
  service: string;
  host: string;
  port: number;
  image: string;
  namespace: string;
  identity: Identity;
  name: string;
  secretKey: string;
}

export interface CleanupPlan {
  claim: string;
  olderThanDays: number;
  schedule: string;
  image: string;
}

export interface ContainerPlan {
  image: string;
  command?: string[];
  args?: string[];
  env: EnvVar[];
  ports: Port[];
  probes: Probes;
  resources: Resources;
  readOnlyRoot: boolean;
  scratch: string[];
}

export interface ServicePlan {
  name: string;
  component: string;
  namespace: string;
  kind: WorkloadKind;
  /** false keeps claims, namespace and secrets, and has no workload. */
  run: boolean;
  protect: boolean;
  standIn: boolean;
  identity: Identity;
  graceSeconds: number;
  container: ContainerPlan;
  claims: ClaimPlan[];
  credentials: CredentialPlan[];
  network: NetworkPlan;
  /** Services that have to be ready before it starts. */
  needs: string[];
  database?: DatabasePlan;
  cleanup?: CleanupPlan;
  address: string;
  check: PersistenceCheck;
}

export interface NamespacePlan {
  name: string;
  protect: boolean;
}

/** What a claim can count on. */
export interface Capabilities {
  /** A bound claim can grow. */
  expand: boolean;
  snapshot: boolean;
  /** The size is enforced and not just a label. */
  enforcesSize: boolean;
  /** A volume is tied to the node that it was made on. */
  followsNode: boolean;
}

export interface ClassPlan {
  name: string;
  backend: string;
  provisioner: string;
  reclaimPolicy: ReclaimPolicy;
  isDefault: boolean;
  capabilities: Capabilities;
  /** For the client that mounts a volume. */
  mountOptions?: string[];
  parameters: Record<string, string>;
  annotations: Record<string, string>;
}

/** A class of somebody else's. What it can do is read from the cluster where the config doesn't say it. */
export interface UsedClass {
  name: string;
  isDefault: boolean;
  /** Whether its default flag is set to what the config says; otherwise the two have to agree. */
  patch: boolean;
  capabilities: Partial<Capabilities>;
}

/** What a backend brings: classes that are made, and what its component installs. */
export interface BackendPlan {
  name: string;
  type: string;
  classes: ClassPlan[];
  /** Classes that are there already and are only used. */
  uses: UsedClass[];
  /** The installing component's arguments; absent where nothing is installed. */
  install?: unknown;
}

export interface ClusterPlan {
  context: string;
  kubeconfig?: string;
  identifier: string;
}

/** Who owns the objects: written on each of them. */
export interface Owner {
  project: string;
  stack: string;
}

/** The image that volumes are copied with: Node and GNU tools. */
export interface MoverPlan {
  image: string;
}

export interface StoragePlan {
  owner: Owner;
  cluster: ClusterPlan;
  backends: BackendPlan[];
  /** Claims that are there already and bear no mark are about to be taken over. */
  adopting: boolean;
  /** The cluster's identity, where it could be read. */
  clusterUid?: string;
  /** What carries data from one volume to another. */
  mover: MoverPlan;
  /** Other installers' classes that may not stay the cluster's default; known once the cluster was read. */
  switchOff: string[];
  /** Classes that are there already and are made the cluster's default. */
  switchOn: string[];
  namespaces: NamespacePlan[];
  services: ServicePlan[];
}

/** What was read of the cluster before anything is created. */
export interface ClusterFacts {
  classes: { name: string; isDefault: boolean; switchedOffBy?: string; expand?: boolean }[];
  /** Every claim, whoever made it. */
  claims: ClaimFact[];
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
  accessModes: string[];
  /** What it asks for. */
  size: string;
  bound: boolean;
  /** Its config lets it go with its service. */
  unprotected: boolean;
}
