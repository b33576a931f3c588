import type * as Library from "@kubernetes/client-node";
import type { ApiException, AppsV1Api, CoreV1Api, KubeConfig, KubernetesObjectApi } from "@kubernetes/client-node";
import { createRequire } from "node:module";
import { UserError } from "../model/user-error";
import { type Credentials, requestOptions } from "./credentials";
import type { Connection } from "./connection";
import { currentContext, findContext, kubeconfigFiles } from "./kubeconfig";
import { KubeconfigError } from "./kubeconfig-error";

/*
 * Access to the API server through the client library, for ops/: its commands run programs in pods, forward ports, and
 * change and delete objects of many kinds. The program itself only reads, at each preview. It uses kube/api.ts, which
 * loads forty times as fast. Both take contexts and their refusals from kube/kubeconfig.ts and make
 * the same facts by kube/read/.
 */

/**
 * The library is loaded only when a command talks to a cluster, because loading it takes longer than most other work.
 */
const library = () => createRequire(__filename)("@kubernetes/client-node") as typeof Library;

/** One cluster as ops/ talks to it. */
export interface Kube {
  config: KubeConfig;
  core: CoreV1Api;
  apps: AppsV1Api;
  /** Any kind, by apiVersion and kind. */
  objects: KubernetesObjectApi;
  /** What to call the cluster in a message. */
  context: string;
}

/**
 * A client for `context` of a kubeconfig file, or of $KUBECONFIG or ~/.kube/config without one; without a context for
 * the current one. Throws a UserError when the file can't be read or has no such context, with the nearest name.
 */
export function connect(context: string | undefined, file?: string): Kube {
  const { wanted, connection } = checkedContext(context, kubeconfigFiles(file, process.env));
  const config = loaded(wanted, connection);
  return {
    config,
    core: config.makeApiClient(library().CoreV1Api),
    apps: config.makeApiClient(library().AppsV1Api),
    objects: library().KubernetesObjectApi.makeApiClient(config),
    context: wanted,
  };
}

/**
 * The library's config with what we have read of the kubeconfig, because the library knows fewer of its fields than
 * kubectl. It takes the credentials from us too, and asks again when a plugin's are no longer good.
 */
function loaded(context: string, connection: Connection): KubeConfig {
  const { cluster, user } = connection;
  const config = new (library().KubeConfig)();
  // The library refuses a server without TLS unless its certificate need not be verified.
  const plain = cluster.server.startsWith("http:");
  config.loadFromOptions({
    clusters: [{ ...cluster, skipTLSVerify: cluster.skipTLSVerify || plain }],
    users: [{ name: "u", authProvider: { name: "cluster-storage" } }],
    contexts: [{ name: context, cluster: cluster.name, user: "u" }],
    currentContext: context,
  });
  let made: Promise<Credentials> | undefined;
  const current = async () => {
    const credentials = await (made ??= requestOptions(connection));
    if (credentials.until === undefined || credentials.until > Date.now()) return credentials;
    return (made = requestOptions(connection));
  };
  config.addAuthenticator({
    isAuthProvider: () => true,
    applyAuthentication: async (_, options) => {
      const { ca, cert, key, headers } = await current().catch((error: unknown) => {
        made = undefined;
        throw error instanceof KubeconfigError ? new UserError(error.message) : error;
      });
      const { accept: _accept, ...own } = headers;
      Object.assign(options, { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) });
      options.headers = { ...options.headers, ...own };
    },
  });
  if ((user?.asGroups?.length ?? 0) > 1)
    throw new UserError(
      `the kubeconfig's user "${user?.name}" has several as-groups, and this command can pass on one; name one ` +
        "there, or use another context",
    );
  return config;
}

function checkedContext(context: string | undefined, files: string[]): { wanted: string; connection: Connection } {
  try {
    const wanted = context ?? currentContext(files);
    return { wanted, connection: findContext(wanted, files) };
  } catch (error) {
    throw error instanceof KubeconfigError ? new UserError(error.message) : error;
  }
}

/** Asks the API server for one namespace. Throws a UserError of one line when it doesn't answer. */
export async function assertReachable(kube: Kube): Promise<void> {
  try {
    await kube.core.listNamespace({ limit: 1, timeoutSeconds: 10 });
  } catch (error) {
    throw describeApiError(error, kube, "reaching the cluster");
  }
}

/** An API error as a UserError of one line; anything else as it was. */
export function describeApiError(error: unknown, kube: Pick<Kube, "context" | "config">, doing: string): unknown {
  const server = kube.config.getCurrentCluster()?.server ?? "no server";
  const code = errorCode(error);
  if (code === 401 || code === 403) {
    return new UserError(
      `${doing} in context "${kube.context}": the API server refused it (${code}); check that context's credentials`,
    );
  }
  if (code !== undefined) return new UserError(`${doing} in context "${kube.context}": ${failureOf(error)}`);
  const cause = connectionCause(error);
  return cause ? new UserError(`${doing} in context "${kube.context}": no answer from ${server} (${cause})`) : error;
}

/** The HTTP status of an API error; undefined for anything else. */
export function errorCode(error: unknown): number | undefined {
  return error instanceof library().ApiException ? (error as ApiException<unknown>).code : undefined;
}

/** What the API server said when it refused or failed, such as `403: … is forbidden`; undefined for anything else. */
export function apiReason(error: unknown): string | undefined {
  const code = errorCode(error);
  if (code === undefined) return undefined;
  const { body } = error as ApiException<unknown>;
  return `${code}: ${statusMessage(body) ?? firstLine(body)}`;
}

/** One sentence of what went wrong, for a report; of an answer of the API server without its headers. */
export function failureOf(error: unknown): string {
  const reason = apiReason(error);
  if (reason !== undefined) return `the API server answered ${reason}`;
  return error instanceof Error ? error.message : String(error);
}

/** The beginning of an answer that is no Status, such as a proxy's or of a server that gave up. */
function firstLine(body: unknown): string {
  const text = typeof body === "string" ? body : (JSON.stringify(body) ?? "");
  return text.trim().split("\n")[0]!.slice(0, 200) || "no reason";
}

/** The message of the Status object that a refusal has as its body, as text or read already. */
function statusMessage(body: unknown): string | undefined {
  try {
    const status = (typeof body === "string" ? JSON.parse(body) : body) as { message?: unknown } | null;
    return typeof status?.message === "string" ? status.message : undefined;
  } catch {
    return undefined;
  }
}

/** The result, or undefined where the API server says that there is no such object. */
export async function ifFound<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if (errorCode(error) === 404) return undefined;
    throw error;
  }
}

function connectionCause(error: unknown): string | undefined {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const code = (at as NodeJS.ErrnoException).code;
    if (typeof code === "string") return code;
    if (/timed? ?out|aborted/i.test(at.message)) return "timed out";
  }
  return undefined;
}
