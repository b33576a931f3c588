import type { ExportRecipe } from "./export-recipe";
import type { EnvVar, Identity, Mount, PersistenceCheck, Port, Probes, Resources } from "./container";
import type { StandInTraits } from "./local-image";
import type { WorkloadKind } from "./plan";

/** What the catalogue says of a service, whatever the stack. Types only. */

/** What the stack provides to a service's environment. */
export interface EnvContext {
  /** In-cluster host name of a service of this stack. */
  host(service: string): string;
  /** The container's memory limit in bytes. */
  memory: number;
}

export interface ClaimSpec {
  /** Key in the service's config; absent for a service's only claim, whose settings stand at the service itself. */
  key?: string;
  /** The claim's name, or the template's where `template` is set. */
  name: string;
  mounts: Mount[];
  optional?: boolean;
  /** The StatefulSet has it as a claim template, so Kubernetes names the claim `<name>-<service>-0`. */
  template?: boolean;
  /** A job may remove files older than an age from it. */
  cleanup?: boolean;
}

/** A generated secret value: letters and digits, 32 unless told. */
export interface SecretSpec {
  key: string;
  length?: number;
  /** Fixed, public part of a credential, such as a user's name: not generated. */
  value?: string;
  /** The data on the volume was made with it, and nobody gets in with another one: `npm run adopt` has to find it. */
  boundToData?: boolean;
}

/** What is known of a container, planned or live, when adopt asks whether one program can go on with another's data. */
export interface LiveContainer {
  image?: string;
  env?: { name: string; value?: string }[];
}

/** Why something can't be adopted, and what would make it possible. */
export interface Refusal {
  why: string;
  wayOut: string;
}

/** What one service needs, whatever the stack: an entry of the catalogue. */
export interface ServiceSpec {
  name: string;
  /** app.kubernetes.io/component: the part that it plays. */
  component: string;
  namespace: string;
  kind: WorkloadKind;
  /** Upstream's image, pinned. */
  image: string;
  /** The image is an example for the user's own: the config may say how that one is run. */
  ownProgram?: boolean;
  identity: Identity;
  ports: Port[];
  claims: ClaimSpec[];
  command?: string[];
  args?: string[];
  env?: (context: EnvContext) => EnvVar[];
  secrets?: SecretSpec[];
  /**
   * Its program would be the first process of its container, which no signal from inside can stop. With this, the pod's
   * processes share one process namespace, in which it is not the first.
   */
  sharedProcesses?: boolean;
  readOnlyRoot: boolean;
  /** Directories that are writable and empty at every start. */
  scratch?: string[];
  probes: Probes;
  resources: Resources;
  graceSeconds: number;
  /** Services that it needs and reaches, in the same namespace where it takes their Secret. */
  requires?: string[];
  /** Reaches web servers outside the cluster. */
  internet?: boolean;
  /** What its engine says of a volume that is a share of a file server, such as NFS; nothing where it doesn't mind. */
  fileShare?: { verdict: "refused" | "unwise"; because: string };
  /**
   * Its own role and database in a PostgreSQL service, made before it starts; the password is its secret of this key.
   */
  database?: { service: string; name: string; secret: string };
  /** Other services can have a role and a database in it: its administrator, and the secret with the password. */
  databases?: { administrator: string; secret: string };
  /** Why the planned containers can't go on with the data that a live workload's containers have made. */
  refuseData?: (service: string, planned: readonly LiveContainer[], live: readonly LiveContainer[]) => Refusal[];
  /** The local cluster's recipe for the real program; a stand-in answers in its place when absent. */
  localRecipe?: string;
  /** What its stand-in on the local cluster has beside what is said above. */
  standIn?: StandInTraits;
  check: PersistenceCheck;
  /** How the data of a volume with these mounts leaves a running pod; absent where nobody knows how. */
  exportRecipe?: (mounts: Mount[]) => ExportRecipe;
}
