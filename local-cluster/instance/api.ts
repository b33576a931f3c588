import { Agent, request } from "node:https";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Layout } from "./layout";

/** The few fields of nodes, leases, pods, lists and refusals that this code reads. */
export interface ApiObject {
  /** In a refusal: the reason. */
  message?: string;
  metadata?: { name: string; namespace?: string; deletionTimestamp?: string };
  spec?: { renewTime?: string };
  status?: {
    phase?: string;
    conditions?: Condition[];
    containerStatuses?: { containerID?: string; state?: ContainerState }[];
  };
  items?: ApiObject[];
}

interface Condition {
  type: string;
  status: string;
  message?: string;
  lastHeartbeatTime?: string;
}

interface ContainerState {
  running?: object;
  waiting?: { reason?: string };
  terminated?: object;
}

/** The API server's answer. */
export interface Reply {
  status: number;
  body: ApiObject;
}

export interface Api {
  /** Throws when there is no answer within 5 s. */
  call(method: string, path: string, body?: object): Promise<Reply>;
}

/**
 * The few calls that starting and watching an instance needs, with the admin's rights. They don't use the client
 * library: loading it takes most of the second in which a running instance must be recognised.
 */
export function adminApi(layout: Layout): Api {
  const identity = readFileSync(join(layout.certificates, "admin.pem"));
  const agent = new Agent({ ca: readFileSync(join(layout.certificates, "ca.crt")), cert: identity, key: identity });
  return {
    call: (method, path, body) =>
      new Promise((resolve, reject) => {
        // PATCH is always a server-side apply; JSON is YAML.
        const type = method === "PATCH" ? "application/apply-patch+yaml" : "application/json";
        const sent = request(
          new URL(path, layout.server),
          { method, agent, timeout: 5000, headers: { "content-type": type } },
          (response) => {
            let text = "";
            response
              .setEncoding("utf8")
              .on("data", (part) => (text += part))
              .on("error", reject);
            response.on("end", () => resolve({ status: response.statusCode ?? 0, body: parse(text) }));
          },
        );
        sent.on("timeout", () => sent.destroy(new Error(`${layout.server} did not answer within 5 s`)));
        sent.on("error", reject);
        sent.end(body && JSON.stringify(body));
      }),
  };
}

/** Health checks and proxies answer in plain text. */
function parse(text: string): ApiObject {
  try {
    return JSON.parse(text) as ApiObject;
  } catch {
    return { message: text };
  }
}
