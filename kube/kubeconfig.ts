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
 * The client library's own KubeConfig takes 0.4 s to load, because it brings every API's model with it: a tenth of a
 * preview. Its parts that read a kubeconfig and run credential plugins take a hundredth of a second.
 */

/** What a kubeconfig's context leads to. */
export interface Connection {
  cluster: Cluster;
  user?: User;
}

/** Something wrong with the kubeconfig: its path in the stack config, and what to do. */
export class KubeconfigError extends Error {
  constructor(
    readonly field: "kubeconfig" | "context",
    message: string,
  ) {
    super(message);
  }
}

/** The files that hold the kubeconfig: the one that is named, else those of KUBECONFIG, else ~/.kube/config. */
export function kubeconfigFiles(named: string | undefined, environment: NodeJS.ProcessEnv): string[] {
  if (named) return [resolve(named.replace(/^~(?=\/|$)/, homedir()))];
  const listed = (environment.KUBECONFIG ?? "").split(delimiter).filter(Boolean);
  return listed.length > 0 ? listed : [join(homedir(), ".kube", "config")];
}

interface Kubeconfig {
  clusters: Cluster[];
  users: User[];
  contexts: Context[];
}

function readKubeconfig(file: string): Kubeconfig {
  try {
    const content = parse(readFileSync(file, "utf8")) as Record<string, unknown[]> | null;
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
    return { clusters, users, contexts: newContexts(content?.contexts ?? []) };
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

/** Cluster and user of a context. Of several files that know a name the first counts, as with kubectl. */
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
      `context "${name}" means cluster "${context.cluster}", which ${files.join(" and ")} don't have`,
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
