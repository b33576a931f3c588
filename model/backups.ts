/** Where a stack's backups go: as configured, and as planned. Types only. */
import type { BackupTask } from "./backup";
import type { CareTask } from "./care";
import type { Hidden } from "./hidden";
import type { MetricsPlan } from "./metrics";
import type { Keep } from "./retention";
import type { VolumePlan } from "./storage";

/** Exactly one place is there. */
export interface RepositoryConfig {
  rest?: {
    url: string;
    user?: string;
    password?: Hidden;
    /** What may delete there, where the rest may only add. */
    prune?: { url?: string; user?: string; password?: Hidden };
  };
  s3?: {
    endpoint: string;
    bucket: string;
    prefix?: string;
    region?: string;
    accessKeyId: Hidden;
    secretAccessKey: Hidden;
    prune?: { accessKeyId: Hidden; secretAccessKey: Hidden };
  };
  sftp?: { host: string; port: number; user: string; path: string; privateKey: Hidden; hostKey: string };
  nfs?: { server: string; path: string };
  /** A volume that the stack makes beside the backups' jobs. */
  claim?: { size: string; backend?: string; class?: string };
  /** Of the repository itself: it encrypts all that is in it. */
  password: Hidden;
  /** The one before, while it is being replaced. */
  formerPassword?: Hidden;
  /** Certificates of authorities that the place is verified by beside the usual ones, as PEM. */
  ca?: string;
}

export interface BackupsConfig {
  repository: RepositoryConfig;
  /** Cron's five fields, or a word for them. */
  schedule: string;
  /** Absent: no point is ever forgotten. */
  keep?: Keep;
  care: CareConfig;
  /** Who may ask for metrics; absent: there are none. */
  metrics?: { namespace: string };
  namespace: string;
  image: string;
  /** New volumes of all services begin empty; false: filled from the newest points. */
  fresh: boolean;
}

export interface CareConfig {
  schedule: string;
  /** In so many days all data of the repository is read once. */
  cycle: number;
}

/** What the config says of one service's backup. */
export interface BackupSettings {
  backup?: "none" | { schedule?: string; keep?: "all" | Keep };
  /** Why it has none. */
  because?: string;
  /** Whether its new volumes begin empty; as the section says where absent. */
  fresh?: boolean;
}

/** What the new volumes of a service begin with that has backups. */
export interface BeginPlan {
  /** Empty, as somebody wrote down; false: filled from the newest point. */
  fresh: boolean;
  /** Keys of its Secret that have to be the point's too. */
  keys: string[];
}

/** What all backups of a stack share. */
export interface BackupsPlan {
  namespace: string;
  image: string;
  repository: RepositoryConfig;
  /** The repository, for people: without anything that is secret. */
  address: string;
  /** The server that the repository is on. */
  server: Server;
  care: CarePlan;
  metrics?: MetricsPlan;
  /** Of a repository on a volume: what is served to all pods, under the address of `server`. */
  served?: ServedRepository;
}

/** The volume that a server in the cluster makes a repository of. */
export interface ServedRepository {
  nfs?: { server: string; path: string };
  claim?: VolumePlan;
}

interface Server {
  host: string;
  port: number;
}

/** How the repository is cared for. */
export interface CarePlan {
  schedule: string;
  task: CareTask;
  /** Where and how it may delete, where that is not as a backup may add. */
  prune?: { repository: RepositoryConfig; server: Server };
}

export interface BackupPlan {
  /** Cron's five fields. */
  schedule: string;
  /** Absent: none of its points is ever forgotten. */
  keep?: Keep;
  task: BackupTask;
}
