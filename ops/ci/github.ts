import pRetry, { AbortError } from "p-retry";
import { UserError } from "../../model/user-error";

/** One repository, through GitHub's REST interface. */
export interface GitHub {
  repository: string;
  /** `path` is below the repository. Throws a UserError of one line where GitHub refuses. */
  request<Body>(method: "GET" | "POST" | "PATCH", path: string, body?: object): Promise<Body>;
  /** All pages of a list. */
  list<Item>(path: string): Promise<Item[]>;
  /** The login that the token writes under; undefined where GitHub doesn't tell. */
  author(): Promise<string | undefined>;
}

/** What GitHub answered instead of doing it; `status` is that of HTTP. */
export class Refusal extends UserError {
  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

const pageSize = 100;

/** Throws a UserError where the environment names no repository or has no token. */
export function connectGitHub(env: NodeJS.ProcessEnv = process.env): GitHub {
  const { GITHUB_TOKEN: token, GITHUB_REPOSITORY: repository, GITHUB_API_URL: api = "https://api.github.com" } = env;
  const missing = [!repository && "GITHUB_REPOSITORY (OWNER/NAME)", !token && "GITHUB_TOKEN"].filter(Boolean);
  if (!token || !repository) throw new UserError(`${missing.join(" and ")} not set: nothing was written to GitHub`);
  const ask = (url: string, method: string, body?: object) =>
    pRetry(() => send(url, method, token, body), { retries: 3, minTimeout: 500 });
  const request: GitHub["request"] = (method, path, body) =>
    ask(`${api}/repos/${repository}${path && `/${path}`}`, method, body) as Promise<never>;
  return {
    repository,
    request,
    author: async () => {
      try {
        return ((await ask(`${api}/user`, "GET")) as { login: string }).login;
      } catch (error) {
        if (!(error instanceof Refusal) || error.status !== 403) throw error;
        // An app's token has no user. In a workflow the token is that of GitHub's own app, unless somebody put another.
        return env.GITHUB_ACTIONS === "true" ? "github-actions[bot]" : undefined;
      }
    },
    list: async <Item>(path: string) => {
      const items: Item[] = [];
      for (let page = 1; items.length === (page - 1) * pageSize; page++) {
        items.push(
          ...(await request<Item[]>(
            "GET",
            `${path}${path.includes("?") ? "&" : "?"}per_page=${pageSize}&page=${page}`,
          )),
        );
      }
      return items;
    },
  };
}

async function send(url: string, method: string, token: string, body?: object): Promise<unknown> {
  const headers = {
    authorization: `Bearer ${token}`,
    accept: "application/vnd.github+json",
    "x-github-api-version": "2022-11-28",
  };
  const response = await fetch(url, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  if (response.ok) return response.json();
  const said = ((await response.json().catch(() => ({}))) as { message?: string }).message;
  const refusal = new Refusal(
    `GitHub: ${method} ${new URL(url).pathname}: ${response.status}${said ? ` ${said}` : ""}`,
    response.status,
  );
  // A request that GitHub is too busy for may work in a moment. A refusal stays a refusal.
  throw response.status >= 500 || response.status === 429 ? refusal : new AbortError(refusal);
}
