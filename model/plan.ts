import type { AccessPlan } from "./access";
import type { BackupPlan, BackupsPlan, BeginPlan } from "./backups";
import type { EnvVar, Identity, PersistenceCheck, Port, Probes, Resources } from "./container";
import type { ContainerExtras } from "./container-settings";
import type { EnginePlan } from "./engine-version";
import type { NodePlan } from "./node-preparation";
import type { PodPasses, PodSettings } from "./pod-settings";
import type { FrontPlan, NetworkPlan } from "./network-settings";
import type { BackendPlan, ClaimPlan } from "./storage";
import type { TlsPlan } from "./tls";

/** What flows from the catalogue and the stack config through the plan to the components. Types only. */

export type WorkloadKind = "Deployment" | "StatefulSet";

/** Something wrong in the stack config: where (below `cluster-storage:`; "" is the stack), and what is right. */
export interface Fault {
  path: string;
  message: string;
  /** `placement`: the fault is about where a volume goes. It can't be judged when a backend could not be understood. */
  about?: "placement";
}

export interface CredentialPlan {
  key: string;
  length: number;
  value?: string;
  /** How many values there are by now, of which the last one is in use; 1 where absent. */
  generation?: number;
  /** The server's start sets it in the data, by a verifier. */
  verifier?: boolean;
}

export interface DatabasePlan {
  /** Host, image and namespace of the server, and its uid. */
  service: string;
  host: string;
  port: number;
  image: string;
  /** What pods with the server's image need; absent where the config says nothing of it. */
  pod?: PodPasses & Pick<PodSettings, "imagePullPolicy">;
  namespace: string;
  identity: Identity;
  /** Seconds within which the server is ready if it ever is. */
  readyWithin: number;
  /** Who makes roles and databases in the server, and the key of the password in the server's Secret. */
  administrator: { name: string; secretKey: string };
  name: string;
  /** The role that owns it. */
  role: string;
  secretKey: string;
  /** The server refuses plain connections, and clients verify it. */
  tls?: boolean;
  /** What the administrator owns in it goes to the role. */
  takeOver?: boolean;
}

/** A job that sets a new password in a running server's data. */
export interface RenewalPlan {
  /** Key of the password. */
  key: string;
  command: string[];
  host: string;
  port: number;
}

export interface CleanupPlan {
  claim: string;
  olderThanDays: number;
  schedule: string;
}

export interface ContainerPlan extends ContainerExtras {
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
  /** false: the claims, the namespace and the secrets stay, and there is no workload. */
  run: boolean;
  protect: boolean;
  standIn: boolean;
  identity: Identity;
  graceSeconds: number;
  /** The pod's processes share one process namespace, so that no container's process has the number 1. */
  sharedProcesses?: boolean;
  container: ContainerPlan;
  /** Where its pod runs, and what is written on it; absent where the config says nothing of it. */
  pod?: PodSettings;
  /** Annotations of its pod for Velero's file-system backup; absent where that is switched off. */
  velero?: Record<string, string>;
  /** The largest memory page, in bytes, that its image bears; absent where any, or of another image than known ones. */
  largestPage?: number;
  /** Absent where any version goes on with any files. */
  engine?: EnginePlan;
  claims: ClaimPlan[];
  credentials: CredentialPlan[];
  /** How often its passwords were given, the first time included. */
  rotation: number;
  /** Present where a password was given anew that only a login can set. */
  renewal?: RenewalPlan;
  network: NetworkPlan;
  /** The Service in front of it, where the config says something of it. */
  front?: FrontPlan;
  /** Its connections are encrypted: the DNS names that its certificate is for, and the Secret with it. */
  tls?: { names: string[]; secret: string };
  /** Its containers have the certificate of the authority, by which they verify encrypted services. */
  trusts?: boolean;
  /** Services that have to be ready before it starts. */
  needs: string[];
  database?: DatabasePlan;
  cleanup?: CleanupPlan;
  backup?: BackupPlan;
  /** Absent where it has no backups: its new volumes begin empty. */
  begins?: BeginPlan;
  address: string;
  check: PersistenceCheck;
}

export interface NamespacePlan {
  name: string;
  protect: boolean;
  /** The Roles that people are given there; absent where the config names none. */
  access?: AccessPlan[];
}

export interface ClusterPlan {
  context: string;
  kubeconfig?: string;
  identifier: string;
  /** The directory in which the nodes' kubelets keep their files; absent: /var/lib/kubelet. */
  kubeletDirectory?: string;
}

/** The stack that owns the objects. It is written on each of them. */
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
  /**
   * This is a preview of `npm run adopt`: claims that exist already and belong to no stack are about to be taken over.
   */
  adopting: boolean;
  /** Ports that the API server listens on beside the usual ones; absent: none. */
  apiPorts?: number[];
  /** The cluster's identity, where it could be read. */
  clusterUid?: string;
  /** What carries data from one volume to another. */
  mover: MoverPlan;
  backups?: BackupsPlan;
  /** The nodes that are prepared, one after the other; absent: none. */
  nodes?: NodePlan[];
  /** Other installers' classes that may not stay the cluster's default; known once the cluster was read. */
  switchOff: string[];
  /** Classes that somebody else made and that become the cluster's default. */
  switchOn: string[];
  namespaces: NamespacePlan[];
  /** Absent where no service encrypts its connections. */
  tls?: TlsPlan;
  services: ServicePlan[];
}

/** A plan, and what is wrong with it. */
export interface Planned {
  /** To be used only if there are no faults. */
  plan: StoragePlan;
  stack: string;
  faults: Fault[];
  /** What a person should know although nothing is wrong with the config. */
  warnings: string[];
}
