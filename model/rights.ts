/** What a program may do with the cluster's API. Types only. */

/** Kinds of objects by API group, such as `{ apps: ["deployments"] }`; the core group is "". */
export type Kinds = Record<string, string[]>;

/** An RBAC rule, as a Role has it. */
export interface Rule {
  apiGroups: string[];
  resources: string[];
  resourceNames?: string[];
  verbs: string[];
}

/** What the programs that a backend installs may do: in the whole cluster, and in their own namespace. */
export interface InstalledRights {
  cluster: Rule[];
  namespace: Rule[];
}
