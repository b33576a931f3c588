import { readFileSync } from "node:fs";
import { Agent as HttpAgent } from "node:http";
import { Agent, type AgentOptions } from "node:https";
import { resolve } from "node:path";
import type { Target } from "./kubeconfig";

export interface Credentials {
  server: URL;
  agent: HttpAgent;
  /** The agent for watches. They stay open for long and must not take the connection of a request. */
  watching: HttpAgent;
  headers: Record<string, string>;
}

/** Connection settings of a kubeconfig context. Connections are kept and shared by all requests. */
export async function credentialsOf(target: Target): Promise<Credentials> {
  const server = new URL(target.cluster.server);
  const needsHelper = target.user.exec !== undefined || target.user["auth-provider"] !== undefined;
  const { tls, headers } = needsHelper ? await fromHelper(target) : fromEntries(target);
  const agent = (settings: AgentOptions) =>
    server.protocol === "http:" ? new HttpAgent(settings) : new Agent({ ...tls, ...settings });
  return { server, agent: agent({ keepAlive: true, maxSockets: 32 }), watching: agent({}), headers };
}

interface Auth {
  tls: AgentOptions;
  headers: Record<string, string>;
}

function fromEntries({ cluster, user, base }: Target): Auth {
  const file = (data: string | undefined, path: string | undefined): Buffer | undefined => {
    if (data) return Buffer.from(data, "base64");
    return path ? readFileSync(resolve(base, path)) : undefined;
  };
  const tls: AgentOptions = {
    ca: file(cluster["certificate-authority-data"], cluster["certificate-authority"]),
    cert: file(user["client-certificate-data"], user["client-certificate"]),
    key: file(user["client-key-data"], user["client-key"]),
    rejectUnauthorized: cluster["insecure-skip-tls-verify"] !== true,
    servername: cluster["tls-server-name"],
  };
  const token = user.token ?? (user.tokenFile && readFileSync(resolve(base, user.tokenFile), "utf8").trim());
  if (token) return { tls, headers: { authorization: `Bearer ${token}` } };
  if (!user.username) return { tls, headers: {} };
  const basic = Buffer.from(`${user.username}:${user.password ?? ""}`).toString("base64");
  return { tls, headers: { authorization: `Basic ${basic}` } };
}

// For exec and auth-provider sign-in, the client library runs the helper. The library takes a third of a second to
// load, so it is loaded only for these.
async function fromHelper({ text, contextName }: Target): Promise<Auth> {
  const { KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  config.loadFromString(text);
  config.setCurrentContext(contextName);
  const options: AgentOptions & { headers?: Record<string, string>; auth?: string } = {};
  await config.applyToHTTPSOptions(options);
  const { headers = {}, auth, ca, cert, key, pfx, passphrase, rejectUnauthorized, servername } = options;
  if (auth) headers.authorization = `Basic ${Buffer.from(auth).toString("base64")}`;
  return { tls: { ca, cert, key, pfx, passphrase, rejectUnauthorized, servername }, headers };
}
