import type { ListedFacts } from "./facts";

/** What preflight's checks go by: the cluster's objects, and the answers to questions that only preflight asks. */
export interface PreflightFacts extends ListedFacts {
  server: ServerFacts;
  /** Rights that the update needs, and whether the API server grants them. */
  access: AccessAnswer[];
  /** Rights that the update's roles give to others, and whether the API server lets the caller give them. */
  grants: GrantAnswer[];
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

export interface ServerAnswer {
  host: string;
  port: number;
  /** Absent where a connection could be opened; else why not, such as ECONNREFUSED. */
  fault?: string;
}
