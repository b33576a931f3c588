import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export interface Entry {
  id: number;
  /** The number of the issue; for a comment, the number of the issue that it belongs to. */
  number: number;
  title?: string;
  body: string | null;
  state: string;
  html_url: string;
  pull_request?: object;
  user: { login: string } | null;
}

/** Who the token belongs to. */
export const bot = { login: "notes-bot" };

/** The part of GitHub's REST interface that we use, for the repository `owner/notes`, on loopback. */
export class FakeGitHub {
  issues: Entry[] = [];
  comments: Entry[] = [];
  /** The files that every pull request changes. */
  files: { filename: string; previous_filename?: string }[] = [];
  /** False where the token is an app's, which GitHub tells no user of. */
  tellsUser = true;
  /** Further answers by path below the repository, "" for the repository itself. A text is what a 404 says. */
  readonly answers: Record<string, object | number | string> = {};
  /** Method and path of each request, in order. */
  readonly requests: string[] = [];
  readonly tokens = new Set<string>();
  /** Failures (status and message) that are answered before anything else. */
  readonly failures: [number, string][] = [];
  private readonly server: Server = createServer((request, response) => {
    void this.answer(request).then(([status, body]) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body)),
    );
  });
  private last = 100;

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, "127.0.0.1", resolve));
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  get env(): NodeJS.ProcessEnv {
    const { port } = this.server.address() as AddressInfo;
    return {
      GITHUB_API_URL: `http://127.0.0.1:${port}`,
      GITHUB_REPOSITORY: "owner/notes",
      GITHUB_TOKEN: "ghs_aTokenOfTheRun",
    };
  }

  /** Adds an entry as if somebody else had written it. */
  add(kind: "issues" | "comments", number: number, body: string | null, more: Partial<Entry> = {}): Entry {
    const id = ++this.last;
    const entry: Entry = {
      id,
      number,
      body,
      state: "open",
      user: { login: "somebody" },
      html_url: `https://github.test/owner/notes/issues/${number}#${id}`,
      ...more,
    };
    this[kind].push(entry);
    return entry;
  }

  private async answer(request: IncomingMessage): Promise<[number, unknown]> {
    const url = new URL(request.url!, "http://localhost");
    this.requests.push(`${request.method} ${url.pathname}${url.search}`);
    this.tokens.add(request.headers.authorization ?? "none");
    const failure = this.failures.shift();
    if (failure) return [failure[0], { message: failure[1] }];
    if (url.pathname === "/user") return this.tellsUser ? [200, bot] : [403, { message: notForApps }];
    const prepared = this.answers[url.pathname.replace(/^\/repos\/owner\/notes\/?/, "")];
    if (typeof prepared === "number") return [prepared, { message: notForApps }];
    if (prepared !== undefined) return typeof prepared === "string" ? [404, { message: prepared }] : [200, prepared];
    if (/^\/repos\/owner\/notes\/pulls\/\d+\/files$/.test(url.pathname)) return [200, page(url, this.files)];
    const [, kind, number, below] =
      /^\/repos\/owner\/notes\/(issues\/comments|issues)(?:\/(\d+))?(?:\/(comments))?$/.exec(url.pathname) ?? [];
    if (!kind) return [404, { message: "Not Found" }];
    const body = request.method === "GET" ? {} : await read(request);
    if (request.method === "GET")
      return [
        200,
        page(url, below ? this.comments.filter((comment) => comment.number === Number(number)) : this.open(url)),
      ];
    if (request.method === "POST")
      return [
        201,
        this.add(below ? "comments" : "issues", below ? Number(number) : ++this.last, body.body ?? null, {
          user: this.tellsUser ? bot : { login: "github-actions[bot]" },
          ...(below ? {} : { title: body.title }),
        }),
      ];
    const found =
      kind === "issues"
        ? this.issues.find((issue) => issue.number === Number(number))
        : this.comments.find(({ id }) => id === Number(number));
    return found ? [200, Object.assign(found, body)] : [404, { message: "Not Found" }];
  }

  private open(url: URL): Entry[] {
    return this.issues.filter(({ state }) => state === url.searchParams.get("state"));
  }
}

const notForApps = "Resource not accessible by integration";

async function read(request: IncomingMessage): Promise<Partial<Entry>> {
  let text = "";
  for await (const part of request) text += String(part);
  return JSON.parse(text) as Partial<Entry>;
}

function page<Item>(url: URL, entries: Item[]): Item[] {
  const [size, number] = [Number(url.searchParams.get("per_page")), Number(url.searchParams.get("page"))];
  return entries.slice((number - 1) * size, number * size);
}
