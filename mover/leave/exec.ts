import { randomBytes } from "node:crypto";
import http from "node:http";
import https from "node:https";
import type { Duplex } from "node:stream";
import { errorOf, MoveError } from "../faults";
import { ApiError, type Path, type Server } from "../wire/api";
import { messages, sayClose } from "../wire/web-socket";

const channels = { stdout: 1, stderr: 2, status: 3 };

/** How the API server says that a command ended. */
interface Status {
  status: string;
  message?: string;
}

/** Milliseconds for which a command may print nothing. A slow disk lists millions of files for a quarter of an hour. */
const longestSilence = 30 * 60_000;

/**
 * Runs a command in a container. Yields its output as the caller reads it. Throws the command's error where it fails,
 * and where it prints nothing for `silence` milliseconds (default: 30 minutes).
 */
export async function* execute(
  server: Server,
  pod: Path<unknown>,
  container: string,
  command: string[],
  silence = longestSilence,
): AsyncGenerator<Buffer> {
  const query = new URLSearchParams([
    ["container", container],
    ["stdout", "true"],
    ["stderr", "true"],
    ...command.map((part) => ["command", part]),
  ]);
  const { socket, head } = await connect(server, `${pod.path}/exec?${query}`);
  let errors = "";
  let status: Status | undefined;
  try {
    for await (const message of within(silence, messages(socket, head))) {
      const data = message.subarray(1);
      if (message[0] === channels.stdout && data.length > 0) yield data;
      else if (message[0] === channels.stderr) errors = (errors + data).slice(-2000);
      else if (message[0] === channels.status) status = JSON.parse(data.toString());
      if (status) break;
    }
  } catch (error) {
    if (error instanceof Silent)
      throw new MoveError(
        `${shortened(command)} has printed nothing in the pod for ${Math.round(silence / 6000) / 10} minutes, and ` +
          "was given up: its disk or its node may hang",
        { transient: true },
      );
    throw new MoveError(`the connection to the pod broke: ${errorOf(error).message}`, { transient: true });
  } finally {
    sayClose(socket);
    socket.destroy();
  }
  if (!status) throw new MoveError(`the connection to the pod ended while ${command[0]} ran`, { transient: true });
  if (status.status !== "Success")
    throw new MoveError(`${shortened(command)} failed in the pod: ${errors.trim() || status.message}`, {
      transient: true,
    });
}

class Silent extends Error {}

/** Only the time is counted in which the reader waits. Throws Silent where one item takes longer. */
async function* within<T>(silence: number, items: AsyncGenerator<T>): AsyncGenerator<T> {
  for (;;) {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Silent()), silence);
    });
    const { done, value } = await Promise.race([items.next(), late]).finally(() => clearTimeout(timer));
    if (done) return;
    yield value;
  }
}

/** What a command prints, as text. */
export async function outputOf(
  server: Server,
  pod: Path<unknown>,
  container: string,
  command: string[],
  silence?: number,
): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of execute(server, pod, container, command, silence)) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

function shortened(command: string[]): string {
  const text = command.join(" ");
  return text.length > 60 ? `${text.slice(0, 60)} …` : text;
}

function connect({ url, ca, token }: Server, path: string): Promise<{ socket: Duplex; head: Buffer }> {
  const target = new URL(path, url);
  const headers = {
    authorization: `Bearer ${token()}`,
    connection: "Upgrade",
    upgrade: "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": randomBytes(16).toString("base64"),
    "sec-websocket-protocol": "v5.channel.k8s.io",
  };
  return new Promise((resolve, reject) => {
    const request = (target.protocol === "https:" ? https : http).request(target, { headers, ca, timeout: 30_000 });
    request.on("timeout", () => request.destroy(new Error("no answer within 30 s")));
    request.on("error", (error) =>
      reject(new MoveError(`the API server can't be reached: ${error.message}`, { transient: true })),
    );
    request.on("response", (response) => refuse(response, reject));
    request.on("upgrade", (_, socket, head) => {
      socket.setTimeout(0);
      resolve({ socket, head });
    });
    request.end();
  });
}

function refuse(response: http.IncomingMessage, reject: (error: Error) => void): void {
  let text = "";
  response.on("data", (chunk) => (text += chunk));
  response.on("end", () =>
    reject(new ApiError(response.statusCode ?? 500, `no command can be run in the pod: ${text.trim()}`, "")),
  );
}
