import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Runs `work` while no other process of this machine holds the lock of the same subject.
 *
 * The lock is a listening local socket: the kernel gives it to one process and takes it back when that
 * process ends, however it ends, so there is no stale lock to break.
 */
export async function withLock(subject, work, onWait = () => undefined) {
  const address = addressOf(subject);
  let server;
  while (!(server = await listen(address))) await holderGone(address, onWait);
  try {
    return await work();
  } finally {
    for (const waiting of server.waiting) waiting.destroy();
    await new Promise((closed) => server.close(closed));
  }
}

/** Node 20 fills an abstract name up to its 107 bytes and Node 22 doesn't: only a full one is the same to both. */
const fullName = 107;

function addressOf(subject) {
  const digest = createHash("sha512").update(subject).digest("hex");
  if (process.platform === "linux") return `\0${`cluster-storage-${digest}`.slice(0, fullName)}`;
  const name = `cluster-storage-${digest.slice(0, 24)}`;
  return process.platform === "win32" ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.sock`);
}

/** The listening server, or undefined when another process has the address. */
function listen(address) {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      server.waiting.add(socket);
      socket.on("error", () => undefined).on("close", () => server.waiting.delete(socket));
      socket.write(`${process.pid}\n`);
    });
    server.waiting = new Set();
    server.once("error", (error) => (error.code === "EADDRINUSE" ? resolve(undefined) : reject(error)));
    server.listen(address, () => {
      server.unref();
      resolve(server);
    });
  });
}

/** Waits on a connection to the holder, which breaks when the holder is done or dead. */
function holderGone(address, onWait) {
  return new Promise((resolve) => {
    const socket = connect(address);
    socket.once("data", (data) => onWait(Number(String(data))));
    socket.once("error", (error) => {
      // Only macOS and the like leave the file of a dead process behind.
      if (error.code === "ECONNREFUSED" && process.platform !== "linux") rmSync(address, { force: true });
    });
    socket.once("close", resolve);
  });
}
