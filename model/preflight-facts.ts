import type { NamedObject } from "./container-settings";
import type { ListedFacts } from "./facts";
import type { NodeStanding } from "./node-preparation";

/** What preflight's checks go by: the cluster's objects, and the answers to questions that only preflight asks. */
export interface PreflightFacts extends ListedFacts {
  /** Deployments and DaemonSets of all namespaces, with what they run. */
  programs?: ProgramFacts[];
  /** Objects of the custom kinds that a check asks for, in all namespaces. */
  customObjects?: CustomObjectFacts[];
  server: ServerFacts;
  /** The nodes that the config has prepared; absent where they were not asked for the checks. */
  prepared?: NodeStanding[];
  /** The API servers that run as pods of the cluster; absent where those may not be listed. */
  apiServers?: ApiServerFacts[];
  /** Rights that the update needs, and whether the API server grants them. */
  access: AccessAnswer[];
  /** Rights that the update's roles give to others, and whether the API server lets the caller give them. */
  grants: GrantAnswer[];
  /** One answer for each NFS server that the stack names, asked from the machine that runs preflight. */
  servers: ServerAnswer[];
  /** One answer for each chart that the stack installs, asked from the machine that runs preflight. */
  charts?: ChartAnswer[];
  /** What the API server said to each pod of the plan in a dry run; absent where none was made. */
  admission?: AdmissionAnswer[];
  /** The Secrets and ConfigMaps that the config names; absent where it names none. */
  named?: NamedObjectFacts[];
}

/** A Secret or ConfigMap by name. Without `there` it could not be read. */
export interface NamedObjectFacts extends NamedObject {
  namespace: string;
  there?: boolean;
  /** Names of its keys. */
  keys?: string[];
}

/** The API server's answer to an object that was sent in a dry run, which makes nothing. */
export interface AdmissionAnswer {
  /** For people: `the pod of redis`. */
  what: string;
  /** The namespace that it is meant for. */
  namespace: string;
  /** Where it was tried: another namespace than its own, where that isn't there yet. */
  triedIn: string;
  /** `unable`: no answer to the question, with why. */
  verdict: "admitted" | "refused" | "unable";
  /** In the API server's words; "" where it was admitted. */
  message: string;
}

/** What preflight has to find out for a check, besides what it reads of every cluster. */
export interface Questions {
  /** Whether the kubelets are asked about their disks. */
  kubelets?: boolean;
  /** API groups whose objects are listed, such as `longhorn.io`. */
  groups?: string[];
  /** NFS servers to which a connection from this machine is tried. */
  servers?: string[];
  /** For the probe pods: directories of the nodes. */
  paths?: string[];
  /** For the probe pods: programs by name. */
  programs?: string[];
  /** For the probe pods: whether disks and volume groups are listed. */
  disks?: boolean;
  /** For the probe pods: shares of NFS servers that they try to mount. */
  exports?: { server: string; share: string }[];
}

export interface ApiServerFacts {
  /** Of its pod. */
  name: string;
  /** Whether it was started with a file that says how it encrypts what it writes into etcd. */
  encrypts: boolean;
}

export interface ServerFacts {
  /** Of the API server, such as `https://10.0.0.1:6443`. */
  url: string;
  /** The version that the API server states, such as `v1.36.2`. */
  version: string;
}

export interface Access {
  verb: string;
  /** "" for the core group. */
  group: string;
  /** A resource, with its subresource after a slash, such as `pods/log`. */
  resource: string;
  /** The name of one object; absent: any object. */
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

export interface ServerAnswer {
  host: string;
  port: number;
  /** Why no connection could be opened, such as ECONNREFUSED; absent where one could. */
  fault?: string;
}

/** What was found where a chart is to be fetched. */
export interface ChartAnswer {
  /** The backend in the stack config. */
  backend: string;
  release: string;
  found: ChartFound;
}

/**
 * A file's own name and version; or that a place answers; or why it can't be fetched. `unknown`: nothing could be tried
 * here, such as behind a proxy.
 */
export type ChartFound =
  | { is: "file"; name: string; version: string }
  | { is: "there" }
  | { is: "unknown"; why: string }
  | { is: "fault"; why: string };

export interface ProgramFacts {
  kind: "Deployment" | "DaemonSet";
  namespace: string;
  name: string;
  /** Of its containers. */
  images: string[];
}

export interface CustomObjectFacts {
  /** The full name of its definition, such as `volumes.longhorn.io`. */
  definition: string;
  /** "" for an object of the whole cluster. */
  namespace: string;
  name: string;
}
