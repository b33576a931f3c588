import type { ContainerRules } from "./container-settings";
import type { Engine } from "./engine-version";
import type { ExportRecipe } from "./export-recipe";
import type { EnvVar, Identity, Mount, PersistenceCheck, Port, Probes, Resources } from "./container";
import type { LocalRecipe, StandInTraits } from "./local-image";
import type { WorkloadKind } from "./plan";

/** What the catalogue says of a service, the same for every stack. Types only. */

/** What the stack provides to a service's environment. */
export interface EnvContext {
  /** In-cluster host name of a service of this stack. */
  host(service: string): string;
  /** The container's memory limit in bytes; 0 where there is none. */
  memory: number;
  /** The size in bytes of the volume in use of the service's first claim. What follows from it has to be `sized`. */
  volume: number;
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

/** A generated secret value of letters and digits. Default length: 32. */
export interface SecretSpec {
  key: string;
  length?: number;
  /** Fixed, public part of a credential, such as a user's name: not generated. */
  value?: string;
  /**
   * The data on the volume was made with this value and can't be opened with another, so `npm run
   * adopt` has to find it.
   */
  boundToData?: boolean;
  /** Why `npm run rotate` can't give it anew. Absent: it can. */
  unchangeable?: string;
  /**
   * `verifier`: the data has the password's verifier, which the server's next start sets. A job: it logs in with an
   * earlier value. Absent: the next start takes a new value as it is.
   */
  renewal?: "verifier" | RenewalJob;
  /** Tries a value against the running service. Absent: nothing can be asked. */
  trial?: SecretTrial;
}

/**
 * Sets a new value in a running server's data. The command runs in the service's image; it has the server's name as
 * SERVER, and the values as VALUE_1, VALUE_2, … up to VALUE_$NEWEST, which it sets where the server has another one.
 */
export interface RenewalJob {
  command: string[];
  /** The server's port. */
  port: number;
}

/**
 * How a value is tried: by a command in the service's container that reads it from its standard input, or as a header.
 * `refused`: a regular expression of the answer to a wrong value.
 */
export interface SecretTrial {
  step: { exec: string[] } | { http: { method: string; port: number; path: string; header: string } };
  refused: string;
}

/** What adopt knows of a planned or a live container when it checks whether one program can use another's data. */
export interface LiveContainer {
  image?: string;
  /** The user that it runs as; absent where that is the image's choice. */
  uid?: number;
  /** Its variables, those of ConfigMaps and Secrets too. `value` is absent where it can't be told. */
  env?: { name: string; value?: string }[];
  /** Where it has claims: `path` in the container, `subPath` in the volume ("" for the root). */
  mounts?: { claim: string; path: string; subPath: string }[];
}

/** What a database server says of itself: its superusers, and each database's owner. */
export interface ServerFacts {
  superusers: string[];
  owners: Record<string, string>;
}

/** A live workload that uses a claim of a service, beside the service as it is planned. */
export interface DataUse {
  service: string;
  namespace: string;
  /** The live workload as kubectl names it, such as `deployment/n8n`. */
  workload: string;
  planned: readonly LiveContainer[];
  live: readonly LiveContainer[];
  /** What the live server answered; absent where it doesn't run or has no such answers. */
  server?: ServerFacts;
  /** Databases that services of the stack have in it, each for the role of its name. */
  databases: readonly string[];
}

/** How adopt knows a service's data when it sees a volume's files. */
export interface DataLayout {
  /** Files and directories, each of which says that the directory that has it has the data. */
  marks: readonly string[];
  /** No other engine has such marks, and without them the service would start empty beside whatever is there. */
  alone?: boolean;
  /** Which directories it finds by itself, in words too, and which one a person makes. Default: its mount's. */
  finds?: { is: (directory: string) => boolean; words: string; make: string };
  /** It opens no files but those of its own user. */
  ownerOnly?: boolean;
  /** A database of its own that it doesn't use in a stack, so that its data has to be taken along. */
  leftBehind?: string;
}

/** Why something can't be adopted, and what would make it possible. */
export interface Refusal {
  why: string;
  wayOut: string;
}

/** An entry of the catalogue: what one service needs, the same for every stack. */
export interface ServiceSpec extends ContainerRules {
  name: string;
  /** Value of the label app.kubernetes.io/component: the part that the service plays. */
  component: string;
  namespace: string;
  kind: WorkloadKind;
  /** Upstream's image, pinned. */
  image: string;
  /** What its engine takes of the files of its other versions. Absent where any version goes on with any files. */
  engine?: Engine;
  /** The image is only an example for the user's own. The config may say how the user's image is run. */
  ownProgram?: boolean;
  identity: Identity;
  ports: Port[];
  claims: ClaimSpec[];
  command?: string[];
  args?: string[];
  env?: (context: EnvContext) => EnvVar[];
  secrets?: SecretSpec[];
  /**
   * Without this, its program is the first process of its container, which no signal from inside can stop. With this,
   * the pod's processes share one process namespace, in which the program is not the first.
   */
  sharedProcesses?: boolean;
  /**
   * The largest memory page, in bytes, that the catalogue's image bears; its program ends at once where the kernel has
   * larger ones. Absent: any.
   */
  largestPage?: number;
  readOnlyRoot: boolean;
  /** Directories that are writable and empty at every start. */
  scratch?: string[];
  probes: Probes;
  resources: Resources;
  graceSeconds: number;
  /** Services that it needs and reaches. They must be in the same namespace if it uses their Secret. */
  requires?: string[];
  /** What differs where its connections are encrypted and plain ones refused. Absent: it can't encrypt them. */
  encrypted?: (spec: ServiceSpec) => Partial<ServiceSpec>;
  /** Variables by which it verifies an encrypted service that it needs, by that service's name. Absent: it can't. */
  verifies?: Record<string, EnvVar[]>;
  /** Variables by which it trusts the stack's authority in all that it does, where it reaches an encrypted service. */
  trusting?: EnvVar[];
  /** Reaches web servers outside the cluster. */
  internet?: boolean;
  /**
   * What its engine says about a volume on a file server, such as NFS: refused or unwise. Absent where such a volume is
   * no problem.
   */
  fileShare?: { verdict: "refused" | "unwise"; because: string };
  /**
   * Its own role and database in a PostgreSQL service, made before it starts; the password is its secret of this key.
   * `role`: where the role isn't called as the database. `wasAdministrators`: earlier versions let the service log in
   * as the server's administrator, so the database and what is in it is given to the role where it is still theirs.
   */
  database?: { service: string; name: string; role?: string; secret: string; wasAdministrators?: boolean };
  /** Other services can have a role and a database in it: its administrator, and the secret with the password. */
  databases?: { administrator: string; secret: string; trial: (role: string, database: string) => SecretTrial };
  /** Why the planned containers can't go on with the data that a live workload's containers have made. */
  refuseData?: (use: DataUse) => Refusal[];
  /** What its data looks like on a volume. Absent: adopt doesn't look at its volumes. */
  data?: DataLayout;
  /** The command by which a live server says what `ServerFacts` has, as JSON. It runs in the server's container. */
  serverFacts?: string[];
  /** The local cluster's recipe for the real program; a stand-in answers in its place when absent. */
  localRecipe?: LocalRecipe;
  /** What its stand-in on the local cluster has besides what is stated above. */
  standIn?: StandInTraits;
  check: PersistenceCheck;
  /** How the data of a volume with these mounts leaves a running pod; absent where no way is known. */
  exportRecipe?: (mounts: Mount[]) => ExportRecipe;
}
