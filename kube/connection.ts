/** The `exec` of a kubeconfig's user: a program that makes credentials. */
export interface ExecPlugin {
  apiVersion?: string;
  command?: string;
  args?: string[] | null;
  env?: { name: string; value: string }[] | null;
  installHint?: string;
  provideClusterInfo?: boolean;
  interactiveMode?: "Never" | "IfAvailable" | "Always";
}

/** A cluster of a kubeconfig. */
export interface ClusterEntry {
  name: string;
  server: string;
  caData?: string;
  caFile?: string;
  skipTLSVerify: boolean;
  tlsServerName?: string;
  /** The kubeconfig's, else the environment's. */
  proxyUrl?: string;
}

/** A user of a kubeconfig. */
export interface UserEntry {
  name: string;
  certData?: string;
  certFile?: string;
  keyData?: string;
  keyFile?: string;
  token?: string;
  tokenFile?: string;
  username?: string;
  password?: string;
  exec?: ExecPlugin;
  authProvider?: { name: string };
  as?: string;
  asUid?: string;
  asGroups?: string[];
}

/** The cluster that a context of a kubeconfig leads to, and the user that it is talked to as. */
export interface Connection {
  cluster: ClusterEntry;
  user?: UserEntry;
}
