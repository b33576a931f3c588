import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parse } from "yaml";

export interface ClusterEntry {
  server: string;
  "certificate-authority"?: string;
  "certificate-authority-data"?: string;
  "insecure-skip-tls-verify"?: boolean;
  "tls-server-name"?: string;
}
export interface UserEntry {
  token?: string;
  tokenFile?: string;
  username?: string;
  password?: string;
  "client-certificate"?: string;
  "client-certificate-data"?: string;
  "client-key"?: string;
  "client-key-data"?: string;
  exec?: object;
  "auth-provider"?: object;
}
interface ContextEntry {
  cluster: string;
  user: string;
  namespace?: string;
}
interface Named {
  name: string;
  cluster?: ClusterEntry;
  user?: UserEntry;
  context?: ContextEntry;
}
interface Document {
  clusters?: Named[];
  users?: Named[];
  contexts?: Named[];
  "current-context"?: string;
}

export interface Target {
  contextName: string;
  cluster: ClusterEntry;
  user: UserEntry;
  namespace?: string;
  /** Directory that relative certificate paths refer to. */
  base: string;
  /** The whole kubeconfig, for the sign-in methods that need a helper program. */
  text: string;
}

/**
 * The context to talk to. `kubeconfig` is a path or the contents; empty means $KUBECONFIG, then ~/.kube/config.
 * Throws when there is no such file, context, cluster or user.
 */
export function readTarget(kubeconfig: string, context: string, clusterName: string): Target {
  const { text, origin, base } = load(kubeconfig);
  const document = parseDocument(text, origin);
  const contextName = context || document["current-context"] || "";
  const entry = named(document.contexts, contextName)?.context;
  if (!entry) throw new Error(missing("context", contextName, origin, document.contexts));
  const cluster = named(document.clusters, clusterName || entry.cluster)?.cluster;
  if (!cluster) throw new Error(missing("cluster", clusterName || entry.cluster, origin, document.clusters));
  const user = named(document.users, entry.user)?.user ?? {};
  return { contextName, cluster, user, namespace: entry.namespace, base, text };
}

/** The active cluster's settings, or nothing where they can't be determined. */
export function activeCluster(kubeconfig: string, context: string, clusterName: string): ClusterEntry | undefined {
  if (kubeconfig === "") return undefined;
  try {
    return readTarget(kubeconfig, context, clusterName).cluster;
  } catch {
    return undefined;
  }
}

function load(kubeconfig: string): { text: string; origin: string; base: string } {
  if (kubeconfig.includes("\n") || kubeconfig.trimStart().startsWith("{")) {
    return { text: kubeconfig, origin: "the provider's kubeconfig", base: process.cwd() };
  }
  const paths = kubeconfig !== "" ? [kubeconfig] : (process.env.KUBECONFIG || "~/.kube/config").split(":");
  const path = paths.map(expand).find((candidate) => existsSync(candidate));
  if (!path) throw new Error(`no kubeconfig at ${paths.join(" or ")}`);
  return { text: readFileSync(path, "utf8"), origin: `kubeconfig ${path}`, base: dirname(path) };
}

function expand(path: string): string {
  return resolve(path.startsWith("~/") ? join(homedir(), path.slice(2)) : path);
}

function parseDocument(text: string, origin: string): Document {
  try {
    return (parse(text) ?? {}) as Document;
  } catch (error) {
    throw new Error(`${origin} is not valid YAML: ${(error as Error).message}`);
  }
}

function named(entries: Named[] | undefined, name: string): Named | undefined {
  return entries?.find((entry) => entry.name === name);
}

function missing(what: string, name: string, origin: string, entries: Named[] | undefined): string {
  const names = (entries ?? []).map((entry) => entry.name).join(", ") || "none";
  return name === ""
    ? `${origin} has no current-context, and the provider names none (contexts: ${names})`
    : `${origin} has no ${what} "${name}" (it has: ${names})`;
}
