import { BlockList, isIP } from "node:net";

/**
 * The variable of the environment that has the proxy to a server, as kubectl and helm choose it (Go's net/http):
 * HTTPS_PROXY or HTTP_PROXY by the server's scheme, unless NO_PROXY names the server. Undefined: none. This machine
 * itself never has one.
 */
export function proxyVariable(server: string, environment: NodeJS.ProcessEnv): string | undefined {
  const { protocol, hostname, port } = new URL(server);
  const name = protocol === "http:" ? "HTTP_PROXY" : "HTTPS_PROXY";
  const variable = [name, name.toLowerCase()].find((each) => environment[each]);
  if (variable === undefined) return undefined;
  const host = hostname.replace(/^\[|\]$/g, "");
  const without = environment.NO_PROXY || environment.no_proxy || "";
  const at = port === "" ? (protocol === "http:" ? "80" : "443") : port;
  if (isLoopback(host) || without.split(",").some((entry) => isMeant(entry.trim().toLowerCase(), host, at)))
    return undefined;
  return variable;
}

/** The proxy itself, as a URL. */
export function environmentProxy(server: string, environment: NodeJS.ProcessEnv): string | undefined {
  const variable = proxyVariable(server, environment);
  const proxy = variable === undefined ? undefined : environment[variable];
  return proxy === undefined || proxy.includes("://") ? proxy : `http://${proxy}`;
}

const isLoopback = (host: string) =>
  host === "localhost" || host === "::1" || (isIP(host) === 4 && /^127\./.test(host));

/** Whether an entry of NO_PROXY names the host: itself, its domain, its network, each with a port or without. */
function isMeant(entry: string, host: string, port: string): boolean {
  if (entry === "") return false;
  if (entry === "*") return true;
  const family = isIP(host) === 6 ? "ipv6" : "ipv4";
  const [network = "", length] = entry.split("/");
  if (length !== undefined) {
    if (isIP(host) === 0 || isIP(network) !== isIP(host)) return false;
    const list = new BlockList();
    list.addSubnet(network, Number(length), family);
    return list.check(host, family);
  }
  const [, name = entry, only] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(isIP(entry) === 6 ? `[${entry}]` : entry) ?? [];
  if (only !== undefined && only !== port) return false;
  const domain = name.replace(/^\*/, "");
  return host === domain.replace(/^\./, "") ? !domain.startsWith(".") : host.endsWith(domain.replace(/^\.?/, "."));
}
