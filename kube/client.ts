import type * as Library from "@kubernetes/client-node";
import type { ApiException, AppsV1Api, CoreV1Api, KubeConfig, KubernetesObjectApi } from "@kubernetes/client-node";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";
import { UserError } from "../model/user-error";
import { nearest } from "../model/nearest";

/** Loaded when a cluster is talked to: loading it takes longer than most of what a command does without one. */
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
 * A client for `context` of a kubeconfig file, or of $KUBECONFIG or ~/.kube/config without one.
 * Throws a UserError when the file can't be read or has no such context, with the nearest names.
 */
export function connect(context: string | undefined, file?: string): Kube {
  const config = loadConfig(file);
  const wanted = context ?? config.getCurrentContext();
  if (!config.getContextObject(wanted)) throw new UserError(unknownContext(wanted, config));
  config.setCurrentContext(wanted);
  return {
    config,
    core: config.makeApiClient(library().CoreV1Api),
    apps: config.makeApiClient(library().AppsV1Api),
    objects: library().KubernetesObjectApi.makeApiClient(config),
    context: wanted,
  };
}

/** Asks the API server for its version; a UserError of one line when it doesn't answer. */
export async function assertReachable(kube: Kube): Promise<void> {
  try {
    await kube.core.listNamespace({ limit: 1, timeoutSeconds: 10 });
  } catch (error) {
    throw describeApiError(error, kube, "reaching the cluster");
  }
}

/** An API error as a UserError where it is about the connection or rights; anything else as it was. */
export function describeApiError(error: unknown, kube: Pick<Kube, "context" | "config">, doing: string): unknown {
  const server = kube.config.getCurrentCluster()?.server ?? "no server";
  const code = errorCode(error);
  if (code === 401 || code === 403) {
    return new UserError(
      `${doing} in context "${kube.context}": the API server refused it (${code}); check that context's credentials`,
    );
  }
  if (code !== undefined) return error;
  const cause = connectionCause(error);
  return cause ? new UserError(`${doing} in context "${kube.context}": no answer from ${server} (${cause})`) : error;
}

/** The HTTP status of an API error; undefined for anything else. */
export function errorCode(error: unknown): number | undefined {
  return error instanceof library().ApiException ? (error as ApiException<unknown>).code : undefined;
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

function loadConfig(file: string | undefined): KubeConfig {
  const config = new (library().KubeConfig)();
  // Without any file the library makes up a cluster on localhost.
  if (!file && !process.env.KUBECONFIG && !existsSync(join(homedir(), ".kube", "config"))) {
    throw new UserError("there is no kubeconfig: neither KUBECONFIG nor ~/.kube/config");
  }
  try {
    if (file) config.loadFromFile(file);
    else config.loadFromDefault();
  } catch (error) {
    throw new UserError(
      `cannot read the kubeconfig${file ? ` ${file}` : ""}: ${error instanceof Error ? error.message : error}`,
    );
  }
  return config;
}

function unknownContext(wanted: string, config: KubeConfig): string {
  const known = config.getContexts().map(({ name }) => name);
  if (known.length === 0) return `no context "${wanted}": the kubeconfig has none at all`;
  const close = nearest(wanted, known, 3);
  return (
    `no context "${wanted}" in the ` +
    `kubeconfig; ${close.length > 0 ? `did you mean ${close.join(", ")}?` : `there are: ${known.join(", ")}`}`
  );
}

function connectionCause(error: unknown): string | undefined {
  for (let at: unknown = error; at instanceof Error; at = at.cause) {
    const code = (at as NodeJS.ErrnoException).code;
    if (typeof code === "string") return code;
    if (/timed? ?out|aborted/i.test(at.message)) return "timed out";
  }
  return undefined;
}
