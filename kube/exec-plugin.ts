import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import type { Connection, ExecPlugin } from "./connection";
import { KubeconfigError } from "./kubeconfig-error";

/** What the program has made. */
export interface PluginCredential {
  token?: string;
  clientCertificateData?: string;
  clientKeyData?: string;
  expirationTimestamp?: string;
}

/**
 * Runs the program as kubectl does, for as long as it takes: a person may have to log in first. What it says on its
 * error output is passed on.
 * @throws KubeconfigError where it is not there, ends with an error or answers no credential
 */
export async function runPlugin({ cluster, user }: Connection, plugin: ExecPlugin): Promise<PluginCredential> {
  const { command = "", args, env, installHint } = plugin;
  const who = `the kubeconfig's user "${user?.name}" logs in by the program "${command}"`;
  const fail = (what: string) => new KubeconfigError("context", `${who}, ${what}`);
  const interactive = plugin.interactiveMode !== "Never" && process.stdin.isTTY === true;
  if (plugin.interactiveMode === "Always" && !interactive)
    throw fail(
      "which asks a person (interactiveMode: Always), and there is no terminal; log in by kubectl first, or use a " +
        "context that needs nobody",
    );
  const info = {
    apiVersion: plugin.apiVersion,
    kind: "ExecCredential",
    spec: { interactive, ...(plugin.provideClusterInfo && { cluster: clusterInfo(cluster) }) },
  };
  const variables = Object.fromEntries((env ?? []).map(({ name, value }) => [name, value]));
  const child = spawn(command, args ?? [], {
    env: { ...process.env, KUBERNETES_EXEC_INFO: JSON.stringify(info), ...variables },
    stdio: [interactive ? "inherit" : "ignore", "pipe", "pipe"],
  });
  let [out, said] = ["", ""];
  child.stdout!.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr!.on("data", (chunk: Buffer) => {
    said += chunk.toString();
    process.stderr.write(chunk);
  });
  const code = await new Promise<number | string | null>((resolve, reject) => {
    child.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "ENOENT"
          ? fail(`and that is not there; ${installHint?.trim() || "install it, or name another context"}`)
          : fail(`and that can't be run (${error.message})`),
      ),
    );
    child.once("close", (code, signal) => resolve(code ?? signal));
  });
  if (code !== 0) throw fail(`and that ended with ${code}: ${said.trim().split("\n").at(-1) || "it said nothing"}`);
  try {
    const { kind, status } = JSON.parse(out) as { kind?: string; status?: PluginCredential };
    if (kind === "ExecCredential" && (status?.token || status?.clientCertificateData)) return status;
  } catch {
    // It printed something else.
  }
  throw fail("and that printed no credential (an ExecCredential with a token or a certificate)");
}

/** What the program is told of the cluster, where the kubeconfig says that it has to be. */
function clusterInfo(cluster: Connection["cluster"]) {
  const ca = cluster.caData ?? (cluster.caFile && readFileSync(cluster.caFile).toString("base64"));
  return {
    server: cluster.server,
    ...(cluster.tlsServerName && { "tls-server-name": cluster.tlsServerName }),
    ...(cluster.skipTLSVerify && { "insecure-skip-tls-verify": true }),
    ...(ca && { "certificate-authority-data": ca }),
    ...(cluster.proxyUrl && { "proxy-url": cluster.proxyUrl }),
  };
}
