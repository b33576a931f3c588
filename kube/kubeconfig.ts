import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join, resolve, sep } from "node:path";
import { parse } from "yaml";
import { suggest } from "../model/nearest";
import type { ClusterEntry, Connection, ExecPlugin, UserEntry } from "./connection";
import { KubeconfigError } from "./kubeconfig-error";
import { environmentProxy } from "./proxy";

/*
 * Reads kubeconfigs as kubectl does, for both ways to the API server, with the same refusals. The client library isn't
 * asked: it knows fewer fields, refuses a file that is missing in a list, and takes 0.4 s to load.
 */

/**
 * The files that hold the kubeconfig: the named one, else those in KUBECONFIG, else ~/.kube/config. kubectl passes over
 * the files of KUBECONFIG that are missing; where all are, the first is named in the refusal.
 */
export function kubeconfigFiles(named: string | undefined, environment: NodeJS.ProcessEnv): string[] {
  if (named) return [resolve(named.replace(/^~(?=\/|$)/, homedir()))];
  const listed = (environment.KUBECONFIG ?? "").split(delimiter).filter(Boolean);
  if (listed.length === 0) return [join(homedir(), ".kube", "config")];
  const files = [...new Set(listed.map((file) => resolve(file)))];
  const there = files.filter((file) => existsSync(file));
  return there.length > 0 ? there : files;
}

type Entry = Record<string, unknown> | null | undefined;
interface Named {
  name: string;
  cluster?: Entry;
  user?: Entry;
  context?: Entry;
}

interface Kubeconfig {
  directory: string;
  /** "" where none is chosen. */
  current: string;
  clusters: Named[];
  users: Named[];
  contexts: Named[];
}

function readKubeconfig(file: string): Kubeconfig {
  try {
    const content = (parse(readFileSync(file, "utf8")) ?? {}) as Record<string, unknown>;
    const named = (key: string) => (Array.isArray(content[key]) ? (content[key] as Named[]) : []);
    const current = (content["current-context"] as string | undefined) ?? "";
    const [clusters, users, contexts] = ["clusters", "users", "contexts"].map(named) as [Named[], Named[], Named[]];
    return { directory: dirname(file), current, clusters, users, contexts };
  } catch (error) {
    const reason =
      (error as NodeJS.ErrnoException).code === "ENOENT"
        ? "is not there"
        : `can't be read: ${(error as Error).message.split("\n")[0]}`;
    throw new KubeconfigError(
      "kubeconfig",
      `the kubeconfig ${file} ${reason}; name another one, or make it with the tool that made the cluster`,
    );
  }
}

/**
 * The name of the kubeconfig's current context.
 * @throws KubeconfigError where there is none
 */
export function currentContext(files: string[]): string {
  const [current] = files.map((file) => readKubeconfig(file).current).filter(Boolean);
  if (current === undefined)
    throw new KubeconfigError(
      "context",
      `${files.join(" and ")} has no current context; choose one: kubectl config use-context NAME`,
    );
  return current;
}

/** Cluster and user of a context. If several files have the name, the first file counts, as with kubectl. */
export function findContext(name: string, files: string[], environment = process.env): Connection {
  const known = files.map(readKubeconfig);
  const contexts = known.flatMap(({ contexts }) => contexts);
  const context = contexts.find((context) => context.name === name)?.context;
  if (!context) {
    const names = contexts.map(({ name }) => name);
    throw new KubeconfigError("context", `no context "${name}" in ${files.join(" or ")}; ${suggest(name, names)}`);
  }
  const of = (kind: "clusters" | "users", wanted: unknown) =>
    known
      .flatMap((file) => file[kind].map((entry) => ({ entry, directory: file.directory })))
      .find(({ entry }) => entry.name === wanted);
  const cluster = of("clusters", context.cluster);
  if (!cluster?.entry.cluster?.server)
    throw new KubeconfigError(
      "context",
      `context "${name}" leads to cluster "${String(context.cluster)}", and that is not in ${files.join(" or ")}; ` +
        "correct the kubeconfig, or name another context",
    );
  const user = of("users", context.user);
  return {
    cluster: clusterOf(cluster.entry, cluster.directory, environment),
    ...(user && { user: userOf(user.entry, user.directory) }),
  };
}

/** Paths are relative to the file that has them. */
const beside = (directory: string, path: unknown) => (path ? resolve(directory, path as string) : undefined);

const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

function clusterOf({ name, cluster }: Named, directory: string, environment: NodeJS.ProcessEnv): ClusterEntry {
  const entry = cluster ?? {};
  const server = String(entry.server).replace(/\/$/, "");
  return {
    name,
    server,
    caData: text(entry["certificate-authority-data"]),
    caFile: beside(directory, entry["certificate-authority"]),
    skipTLSVerify: entry["insecure-skip-tls-verify"] === true,
    tlsServerName: text(entry["tls-server-name"]),
    proxyUrl: text(entry["proxy-url"]) ?? (URL.canParse(server) ? environmentProxy(server, environment) : undefined),
  };
}

function userOf({ name, user }: Named, directory: string): UserEntry {
  const entry = user ?? {};
  if (entry["as-user-extra"])
    throw new KubeconfigError(
      "context",
      `the kubeconfig's user "${name}" has as-user-extra, which this program can't pass on; use a context without it`,
    );
  return {
    name,
    certData: text(entry["client-certificate-data"]),
    certFile: beside(directory, entry["client-certificate"]),
    keyData: text(entry["client-key-data"]),
    keyFile: beside(directory, entry["client-key"]),
    token: text(entry.token),
    tokenFile: beside(directory, entry.tokenFile),
    username: text(entry.username),
    password: text(entry.password),
    exec: execOf(entry.exec as ExecPlugin | undefined, directory),
    authProvider: (entry["auth-provider"] as { name: string } | undefined) ?? undefined,
    as: text(entry.as),
    asUid: text(entry["as-uid"]),
    asGroups: entry["as-groups"] as string[] | undefined,
  };
}

/** A command with a slash is relative to the file; any other one is looked for on PATH. */
const execOf = (exec: ExecPlugin | undefined, directory: string): ExecPlugin | undefined =>
  exec?.command?.includes(sep) ? { ...exec, command: resolve(directory, exec.command) } : exec;
