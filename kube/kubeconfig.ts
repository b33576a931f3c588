import {
  type Cluster,
  type Context,
  newClusters,
  newContexts,
  newUsers,
  type User,
} from "@kubernetes/client-node/dist/config_types.js";
import { ExecAuth } from "@kubernetes/client-node/dist/exec_auth.js";
import { FileAuth } from "@kubernetes/client-node/dist/file_auth.js";
import { readFileSync } from "node:fs";
import type { RequestOptions } from "node:https";
import { homedir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { parse } from "yaml";
import { suggest } from "../model/nearest";

/*
 * Reads kubeconfigs for both ways to the API server, with the same refusals. It uses only the parts of the client
 * library that read a kubeconfig and run credential plugins. They load in 0.01 s; the whole library, which contains the
 * model of every API, takes 0.4 s.
 */

/** The cluster that a context of a kubeconfig leads to, and the user that it is talked to as. */
export interface Connection {
  cluster: Cluster;
  user?: User;
}

/** What is wrong with the kubeconfig and what to do; `field` is the key of the stack config that leads to it. */
export class KubeconfigError extends Error {
  constructor(
    readonly field: "kubeconfig" | "context",
    message: string,
  ) {
    super(message);
  }
}

/** The files that hold the kubeconfig: the named one, else those in KUBECONFIG, else ~/.kube/config. */
export function kubeconfigFiles(named: string | undefined, environment: NodeJS.ProcessEnv): string[] {
  if (named) return [resolve(named.replace(/^~(?=\/|$)/, homedir()))];
  const listed = (environment.KUBECONFIG ?? "").split(delimiter).filter(Boolean);
  return listed.length > 0 ? listed : [join(homedir(), ".kube", "config")];
}

interface Kubeconfig {
  /** "" where none is chosen. */
  current: string;
  clusters: Cluster[];
  users: User[];
  contexts: Context[];
}

interface KubeconfigContent {
  "current-context"?: string;
  clusters?: unknown[];
  users?: unknown[];
  contexts?: unknown[];
}

function readKubeconfig(file: string): Kubeconfig {
  try {
    const content = parse(readFileSync(file, "utf8")) as KubeconfigContent | null;
    const beside = (path?: string) => (path ? resolve(dirname(file), path) : path);
    const clusters = newClusters(content?.clusters ?? []).map((cluster) => ({
      ...cluster,
      caFile: beside(cluster.caFile),
    }));
    const users = newUsers(content?.users ?? []).map((user) => ({
      ...user,
      certFile: beside(user.certFile),
      keyFile: beside(user.keyFile),
    }));
    const current = content?.["current-context"] ?? "";
    return { current, clusters, users, contexts: newContexts(content?.contexts ?? []) };
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
export function findContext(name: string, files: string[]): Connection {
  const known = files.map(readKubeconfig);
  const context = known.flatMap(({ contexts }) => contexts).find((context) => context.name === name);
  if (!context) {
    const names = known.flatMap(({ contexts }) => contexts.map(({ name }) => name));
    throw new KubeconfigError("context", `no context "${name}" in ${files.join(" or ")}; ${suggest(name, names)}`);
  }
  const cluster = known.flatMap(({ clusters }) => clusters).find(({ name }) => name === context.cluster);
  if (!cluster)
    throw new KubeconfigError(
      "context",
      `context "${name}" leads to cluster "${context.cluster}", and that is not in ${files.join(" or ")}; ` +
        "correct the kubeconfig, or name another context",
    );
  return { cluster, user: known.flatMap(({ users }) => users).find(({ name }) => name === context.user) };
}

const fileOrData = (file?: string, data?: string) =>
  data ? Buffer.from(data, "base64") : file ? readFileSync(file) : undefined;

/** How to talk to the cluster: certificates, and a token where the user has one or a plugin makes one. */
export async function requestOptions({ cluster, user }: Connection): Promise<RequestOptions> {
  const options: RequestOptions & { headers: Record<string, string> } = {
    ca: fileOrData(cluster.caFile, cluster.caData),
    cert: fileOrData(user?.certFile, user?.certData),
    key: fileOrData(user?.keyFile, user?.keyData),
    rejectUnauthorized: !cluster.skipTLSVerify,
    servername: cluster.tlsServerName,
    headers: { accept: "application/json" },
  };
  const plugin = user && [new ExecAuth(), new FileAuth()].find((plugin) => plugin.isAuthProvider(user));
  if (user && plugin) await plugin.applyAuthentication(user, options);
  if (user?.token) options.headers.authorization = `Bearer ${user.token}`;
  return options;
}
