import { connect } from "node:net";
import type { ServerAnswer } from "../model/preflight-facts";

const patience = 1000;
const nfsPort = 2049;

/** Whether a server takes a connection from this machine within a second. */
export function askServer(host: string, port = nfsPort): Promise<ServerAnswer> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: patience });
    const end = (fault?: string) => {
      socket.destroy();
      resolve({ host, port, ...(fault && { fault }) });
    };
    socket.once("connect", () => end());
    socket.once("timeout", () => end("no answer"));
    socket.once("error", (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
  });
}
