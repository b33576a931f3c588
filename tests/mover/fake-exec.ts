import { spawn } from "node:child_process";
import type { Duplex } from "node:stream";

/** Runs a command as one in a pod, over a WebSocket whose messages are in odd pieces. */
export function executeFor(socket: Duplex, command: string[], cwd: string, env: NodeJS.ProcessEnv): void {
  socket.write(
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: " +
      "Upgrade\r\nSec-WebSocket-Protocol: v5.channel.k8s.io\r\n\r\n",
  );
  socket.on("error", () => child.kill());
  const child = spawn(command[0]!, command.slice(1), { cwd, env: { ...process.env, ...env } });
  child.stdout.on("data", (data: Buffer) => socket.write(frames(1, data)));
  child.stderr.on("data", (data: Buffer) => socket.write(frames(2, data)));
  child.on("close", (code) => {
    const status =
      code === 0 ? { status: "Success" } : { status: "Failure", message: `command terminated with exit code ${code}` };
    socket.end(Buffer.concat([frames(3, Buffer.from(JSON.stringify(status))), Buffer.from([0x88, 0])]));
  });
}

/** A channel's data as a ping and a message in two fragments, the first with its length in 64 bits. */
function frames(channel: number, data: Buffer): Buffer {
  const half = Math.floor(data.length / 2);
  const first = Buffer.alloc(10);
  first.writeUInt8(0x02);
  first.writeUInt8(127, 1);
  first.writeBigUInt64BE(BigInt(half + 1), 2);
  const rest = data.subarray(half);
  const second = Buffer.from(
    rest.length < 126 ? [0x80, rest.length] : [0x80, 126, rest.length >> 8, rest.length & 0xff],
  );
  return Buffer.concat([
    Buffer.from([0x89, 2, 0x68, 0x69]),
    first,
    Buffer.from([channel]),
    data.subarray(0, half),
    second,
    rest,
  ]);
}

/**
 * Runs a program of the mover to its end. `last`: the last line that it printed. `started`: called with its number,
 * which is then that of a group of processes of its own.
 */
export function runProgram(
  args: string[],
  env: NodeJS.ProcessEnv,
  started?: (pid: number) => void,
): Promise<{ code: number; last?: string }> {
  return new Promise((ended) => {
    const child = spawn(process.execPath, args, {
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "ignore"],
      detached: started !== undefined,
    });
    let printed = "";
    child.stdout.on("data", (data: Buffer) => (printed += data.toString()));
    child.once("close", (code) => ended({ code: code ?? 137, last: printed.trim().split("\n").at(-1) }));
    if (child.pid !== undefined) started?.(child.pid);
  });
}

/** A container's status once its program has ended. */
export const terminated = (exitCode: number, message?: string) => ({
  state: { terminated: { exitCode, reason: exitCode === 0 ? "Completed" : "Error", message } },
});
