// @ts-check
import { randomBytes } from "node:crypto";
import http from "node:http";
import https from "node:https";
import { ApiError } from "./api.mjs";
import { MoveError } from "./faults.mjs";
import { messages, sayClose } from "./web-socket.mjs";

/** @import { Server } from "./api.mjs" */
/** @import { Socket } from "node:net" */

const channels = { stdout: 1, stderr: 2, status: 3 };

/**
 * Runs a command in a container. Yields what it prints as it is read; throws what it says where it fails.
 * @param {Server} server @param {string} podPath @param {string} container @param {string[]} command
 */
export async function* execute(server, podPath, container, command) {
  const query = new URLSearchParams([
    ["container", container],
    ["stdout", "true"],
    ["stderr", "true"],
    ...command.map((part) => ["command", part]),
  ]);
  const { socket, head } = await connect(server, `${podPath}/exec?${query}`);
  let errors = "";
  let status;
  try {
    for await (const message of messages(socket, head)) {
      const data = message.subarray(1);
      if (message[0] === channels.stdout && data.length > 0) yield data;
      else if (message[0] === channels.stderr) errors = (errors + data).slice(-2000);
      else if (message[0] === channels.status) status = JSON.parse(data.toString());
      if (status) break;
    }
  } catch (error) {
    throw new MoveError(`the connection to the pod broke: ${/** @type {Error} */ (error).message}`, {
      transient: true,
    });
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

/** @param {Server} server @param {string} podPath @param {string} container @param {string[]} command */
export async function outputOf(server, podPath, container, command) {
  const chunks = [];
  for await (const chunk of execute(server, podPath, container, command)) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}

/** @param {string[]} command */
function shortened(command) {
  const text = command.join(" ");
  return text.length > 60 ? `${text.slice(0, 60)} …` : text;
}

/** @param {Server} server @param {string} path @returns {Promise<{ socket: Socket, head: Buffer }>} */
function connect({ url, ca, token }, path) {
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

/** @param {http.IncomingMessage} response @param {(error: Error) => void} reject */
function refuse(response, reject) {
  let text = "";
  response.on("data", (chunk) => (text += chunk));
  response.on("end", () =>
    reject(new ApiError(response.statusCode ?? 500, `the pod can't be entered: ${text.trim()}`, "")),
  );
}
