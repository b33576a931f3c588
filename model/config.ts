import type { AccessConfig } from "./access";
import type { BackupsConfig, BackupSettings } from "./backups";
import type { Amounts } from "./container";
import type { Inherited } from "./inherited";
import type { NetworkSettings } from "./network-settings";
import type { ContainerSettings } from "./container-settings";
import type { ClusterPlan, Fault, MoverPlan, Owner } from "./plan";
import type { NodeAccess, NodeConfig } from "./node-preparation";
import type { PodSettings } from "./pod-settings";
import type { AccessMode } from "./storage";
import type { FromPoint } from "./restore";
import type { Registry } from "./registry";
import type { CertManagerPlan } from "./tls";

/** The stack's config once it was checked. Types only; the schemas are in `config/`. */

/** The stack config as Pulumi holds it, before its form is checked. */
export interface RawConfig {
  owner: Owner;
  /** Whether this is a preview of `npm run adopt`. Default: no. */
  adopting?: boolean;
  values: Record<string, unknown>;
}

/** What could be understood of a stack's config, and everything that could not. */
export interface StackConfig {
  owner: Owner;
  cluster?: ClusterPlan;
  backends: Map<string, BackendConfig>;
  /** Whether all backends could be understood. If not, a class that is missing may belong to one of the others. */
  backendsKnown: boolean;
  services: Map<string, ServiceConfig>;
  mover: MoverPlan;
  /** Whether there is such a section. Absent `backups` where there is: it could not be understood. */
  backupsNamed: boolean;
  backups?: BackupsConfig;
  /** Absent: no Roles for people are made. */
  access?: AccessConfig;
  /** The nodes that the update prepares, by name; empty: none. */
  nodes: Map<string, NodeConfig>;
  nodeAccess: NodeAccess;
  preflight: PreflightConfig;
  charts: ChartsConfig;
  adopting: boolean;
  /** `protect` of every service that doesn't set it. */
  protect: boolean;
  tls: TlsConfig;
  velero: VeleroConfig;
  /** Where images are got instead; absent: at their own registries. */
  registry?: Registry;
  /** What services and backends have from the stack's defaults. */
  inherited: Inherited;
  faults: Fault[];
}

/** A backend's type, and its entry as the type's own schema has it. */
export interface BackendConfig {
  type: string;
  settings: unknown;
}

/** Where the backends' Helm charts are fetched. */
export interface ChartsConfig {
  /** The one place that holds them all; absent: each backend's official repository. */
  mirror?: string;
}

export interface TlsConfig {
  /** `tls` of every service that can encrypt its connections and doesn't set it. */
  default: boolean;
  /** Absent: the stack has an authority of its own. */
  certManager?: CertManagerPlan;
}

/** What is said to a Velero that somebody else installed. */
export interface VeleroConfig {
  /** Its file-system backup takes the services' volumes. */
  fileSystemBackup: boolean;
}

export interface PreflightConfig {
  /** Checks whose failures don't count, each with the reason. */
  skip: { check: string; reason: string }[];
  /** Image that runs the probe pods. */
  probeImage: string;
}

/** Where a volume goes. */
export interface PlacementConfig {
  backend?: string;
  /**
   * A class by name; "" for static volumes only. With neither this nor `backend`, it is the cluster's default class.
   */
  class?: string;
  accessMode: AccessMode;
  /** The node that its volume is made on; the scheduler's choice where absent. */
  node?: string;
}

/** Another generation of a claim, which stays declared until it is released. */
export interface KeptConfig extends PlacementConfig {
  generation: number;
  size: string;
}

export interface CleanupConfig {
  /** Days, such as `30d`. Files that came or changed no later are removed. */
  olderThan: string;
  /** Cron's five fields. */
  schedule: string;
}

export interface ClaimConfig extends KeptConfig {
  kept: KeptConfig[];
  /** The kept generation that is copied from, or `none`; the newest below `generation` where absent. Or a point. */
  from?: number | "none" | FromPoint;
  /** The claim's name in the cluster; the catalogue's where absent. */
  claim?: string;
  cleanup?: CleanupConfig;
}

export interface ServiceConfig extends ContainerSettings, NetworkSettings, PodSettings, BackupSettings {
  image?: string | { ref: string; standIn: boolean };
  /** The engine's version, for an image whose tag doesn't say it. */
  version?: string;
  /** The C library whose order of text is accepted for the files of another one. */
  acceptLibc?: string;
  protect?: boolean;
  /** false takes the workload out and keeps everything that holds data. */
  run: boolean;
  /** Whether its connections are encrypted; the stack's default where absent. */
  tls?: boolean;
  namespace?: string;
  resources?: { requests: Amounts; limits: Amounts };
  graceSeconds?: number;
  /** How often its passwords were given, the first time included; 1 where absent. */
  rotation?: number;
  /** User and group that it runs as; the catalogue's where absent. */
  uid?: number;
  /** Other services of the stack that it reaches, besides those in the catalogue. */
  reaches: string[];
  /** Namespaces whose pods may reach it. */
  clients: string[];
  /** How the user's own program is run, where the catalogue's image is only an example. */
  command?: string[];
  port?: number;
  /** By the claim's name in the catalogue. */
  claims: Record<string, ClaimConfig>;
}
