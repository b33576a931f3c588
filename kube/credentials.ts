import { readFileSync } from "node:fs";
import type { RequestOptions } from "node:https";
import { runPlugin } from "./exec-plugin";
import type { Connection } from "./connection";
import { KubeconfigError } from "./kubeconfig-error";

const fileOrData = (file?: string, data?: string) =>
  data ? Buffer.from(data, "base64") : file ? readFileSync(file) : undefined;

const base64 = (text: string) => Buffer.from(text).toString("base64");

/** How to talk to the cluster: certificates and headers, of files, of the kubeconfig, or of a plugin. */
export interface Credentials extends RequestOptions {
  headers: Record<string, string>;
  /** Until when a plugin's credential is good, in milliseconds; absent: for as long as the program runs. */
  until?: number;
}

/** The same meaning as kubectl's: data before files, a token's file before a token, a plugin last. */
export async function requestOptions(connection: Connection): Promise<Credentials> {
  const { cluster, user } = connection;
  const options: Credentials = {
    ca: fileOrData(cluster.caFile, cluster.caData),
    cert: fileOrData(user?.certFile, user?.certData),
    key: fileOrData(user?.keyFile, user?.keyData),
    rejectUnauthorized: !cluster.skipTLSVerify,
    servername: cluster.tlsServerName,
    headers: { accept: "application/json" },
  };
  if (!user) return options;
  if (user.authProvider)
    throw new KubeconfigError(
      "context",
      `the kubeconfig's user "${user.name}" logs in by the auth-provider "${user.authProvider.name}", which kubectl ` +
        "has given up or this program doesn't know; use its exec plugin, such as kubelogin, or another context",
    );
  const token = user.tokenFile ? readFileSync(user.tokenFile, "utf8").trim() : user.token;
  // Whoever writes the file may write another token at any time.
  if (user.tokenFile) options.until = Date.now() + 60_000;
  if (token) options.headers.authorization = `Bearer ${token}`;
  else if (user.username) options.headers.authorization = `Basic ${base64(`${user.username}:${user.password ?? ""}`)}`;
  else if (user.exec) {
    const made = await runPlugin(connection, user.exec);
    if (made.token) options.headers.authorization = `Bearer ${made.token}`;
    if (made.clientCertificateData) options.cert = made.clientCertificateData;
    if (made.clientKeyData) options.key = made.clientKeyData;
    if (made.expirationTimestamp) options.until = Date.parse(made.expirationTimestamp);
  }
  return Object.assign(options, { headers: { ...options.headers, ...impersonation(user) } });
}

/** Node joins the values of a header by commas, which a group's name may have, so only one group is sent so. */
function impersonation({ as, asUid, asGroups = [] }: NonNullable<Connection["user"]>): Record<string, string> {
  return {
    ...(as && { "Impersonate-User": as }),
    ...(asUid && { "Impersonate-Uid": asUid }),
    ...(asGroups.length > 0 && { "Impersonate-Group": asGroups as unknown as string }),
  };
}
