import { get as getPlain } from "node:http";
import { get as getSecure } from "node:https";
import { parse } from "yaml";
import { proxyVariable } from "../../kube/proxy";
import type { ChartFound } from "../../model/preflight-facts";

/** Milliseconds within which a repository has to answer. Helm itself waits for two minutes. */
const patience = 5000;

/** Bytes of an index that are read. To find a chart in a larger one is left to Helm. */
const most = 2_000_000;

/** What a place answers. `text`: its index, as far as it was asked for and is not too large. */
export interface Place {
  found: ChartFound;
  text?: string;
}

/**
 * Whether a repository or a registry answers, and with `read` its index. The certificate is not verified, and nobody's
 * password is sent: this only tells early, and in our words, what Helm would fail at. Redirects are Helm's to follow.
 */
export function askPlace(
  url: string,
  read = false,
  env: NodeJS.ProcessEnv = process.env,
  wait = patience,
): Promise<Place> {
  const proxy = proxyVariable(url, env);
  if (proxy) return Promise.resolve({ found: { is: "unknown", why: `helm asks it through the proxy in ${proxy}` } });
  return new Promise((resolve) => {
    const get = url.startsWith("https:") ? getSecure : getPlain;
    const request = get(url, { rejectUnauthorized: false, agent: false }, (response) => {
      const found = judge(response.statusCode ?? 0, url);
      if (!read || response.statusCode !== 200) return end({ found });
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        if (chunks.reduce((sum, { length }) => sum + length, 0) > most) end({ found });
      });
      response.on("end", () => end({ found, text: Buffer.concat(chunks).toString("utf8") }));
    });
    const fault = (why: string) => end({ found: { is: "fault", why } });
    const late = setTimeout(() => fault(`gives no answer within ${wait / 1000} s`), wait);
    const end = (place: Place) => {
      clearTimeout(late);
      request.destroy();
      resolve(place);
    };
    request.on("error", (error: NodeJS.ErrnoException) => fault(inWords(error)));
  });
}

/** Whether an index has a chart. What is not read, or no index, is left to Helm. */
export function inIndex({ found, text }: Place, chart: string, version: string): ChartFound {
  if (found.is !== "there" || text === undefined) return found;
  const { entries } = (parseIndex(text) ?? {}) as { entries?: Record<string, { version?: unknown }[] | null> };
  if (typeof entries !== "object" || entries === null) return { is: "fault", why: "has no index of charts" };
  const versions = (entries[chart] ?? []).map((one) => String(one.version));
  if (versions.some((one) => withoutV(one) === withoutV(version))) return found;
  const has =
    versions.length > 0 ? `only ${versions.slice(0, 3).join(", ")}${versions.length > 3 ? ", …" : ""}` : "none";
  return { is: "fault", why: `doesn't have it (of ${chart} it has ${has})` };
}

function parseIndex(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

const withoutV = (version: string) => version.replace(/^v/, "");

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
