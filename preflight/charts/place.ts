import { get as getPlain } from "node:http";
import { get as getSecure } from "node:https";
import type { ChartFound } from "../../model/preflight-facts";

/** Milliseconds within which a repository has to answer. Helm itself waits for two minutes. */
const patience = 5000;

/**
 * Whether a repository or a registry answers. The certificate is not verified and nothing is read: this only tells
 * early, and in our words, what Helm would fail at. Redirects are Helm's to follow.
 */
export function askPlace(url: string, env: NodeJS.ProcessEnv = process.env, wait = patience): Promise<ChartFound> {
  const proxy = proxyOf(new URL(url), env);
  if (proxy) return Promise.resolve({ is: "unknown", why: `helm asks it through the proxy in ${proxy}` });
  return new Promise((resolve) => {
    const get = url.startsWith("https:") ? getSecure : getPlain;
    const request = get(url, { rejectUnauthorized: false, agent: false }, ({ statusCode = 0 }) => {
      end(judge(statusCode, url));
    });
    const late = setTimeout(() => end({ is: "fault", why: `gives no answer within ${wait / 1000} s` }), wait);
    const end = (found: ChartFound) => {
      clearTimeout(late);
      request.destroy();
      resolve(found);
    };
    request.on("error", (error: NodeJS.ErrnoException) => end({ is: "fault", why: inWords(error) }));
  });
}

function judge(status: number, url: string): ChartFound {
  const registry = url.endsWith("/v2/");
  if (status === 401 || status === 403)
    // A registry asks everybody for a token first, whom it lets in without a password as well.
    return registry ? { is: "there" } : { is: "fault", why: `wants a login (status ${status})` };
  if (status === 404) return { is: "fault", why: registry ? "is no registry" : "has no index.yaml" };
  return status >= 500 ? { is: "fault", why: `answers with status ${status}` } : { is: "there" };
}

const inWords = ({ code, message }: NodeJS.ErrnoException): string => {
  if (code === "ECONNREFUSED") return "refuses connections";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return "has a name that is not known here";
  return `can't be reached (${code ?? message})`;
};

/** The variable whose proxy helm uses for a URL, by the rules of Go's net/http; undefined for none. */
export function proxyOf({ protocol, hostname }: URL, env: NodeJS.ProcessEnv): string | undefined {
  const name = protocol === "https:" ? "HTTPS_PROXY" : "HTTP_PROXY";
  const set = [name, name.toLowerCase()].find((key) => env[key]);
  if (!set || hostname === "localhost" || hostname.startsWith("127.")) return undefined;
  const direct = (env.NO_PROXY ?? env.no_proxy ?? "").split(",").map((part) => part.trim().replace(/^\*?\./, ""));
  const isDirect = direct.some((part) => part === "*" || hostname === part || (part && hostname.endsWith(`.${part}`)));
  return isDirect ? undefined : set;
}
