import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { Client, ConnectConfig, ParsedKey } from "ssh2";
import { authFor } from "./ssh-auth";
import type { Connection } from "./connection";

type Ssh = typeof import("ssh2");

/**
 * Connects, and tries again after a failure as often as the connection says, whatever failed. The messages are the
 * official plugin's, which are those of Go's SSH library.
 */
export async function dial(
  connection: Connection,
  note: (text: string) => void,
  cancelled: AbortSignal,
): Promise<Client> {
  // Only a remote command pays for loading these.
  const [{ default: ssh }, { default: retry }] = await Promise.all([import("ssh2"), import("p-retry")]);
  const hostKey = connection.hostKey == null ? undefined : publicKey(connection.hostKey, ssh);
  await authFor(connection, ssh.utils); // a key that can't be read is not tried again
  const { dialErrorLimit: limit } = connection;
  const options = { retries: limit < 0 ? Infinity : limit, factor: 1.5, minTimeout: 100, maxTimeout: 5000 };
  try {
    return await retry(() => attempt(connection, hostKey, ssh), {
      ...options,
      signal: cancelled,
      onFailedAttempt: ({ attemptNumber, retriesLeft }) => {
        if (retriesLeft > 0) note(`Dial ${attemptNumber}/${limit < 0 ? "inf" : limit} failed: retrying`);
      },
    });
  } catch (error) {
    if (cancelled.aborted) throw new Error("context canceled");
    throw new Error(`after ${limit} failed attempts: ${(error as Error).message}`);
  }
}

async function attempt(connection: Connection, hostKey: ParsedKey | undefined, ssh: Ssh): Promise<Client> {
  const sock = await openSocket(connection);
  const { handler, attempted } = await authFor(connection, ssh.utils);
  const client = new ssh.Client();
  const config: ConnectConfig = { sock, username: connection.user, authHandler: handler, readyTimeout: 0 };
  let wrongHost = false;
  if (hostKey) {
    config.algorithms = { serverHostKey: [hostKey.type as never] };
    config.hostVerifier = (key: Buffer) => !(wrongHost = !key.equals(hostKey.getPublicSSH()));
  }
  try {
    client.connect(config);
    await once(client, "ready");
    client.on("error", () => undefined); // a connection that is lost later is seen by its command
    return client;
  } catch (error) {
    client.end();
    sock.destroy();
    throw new Error(`ssh: handshake failed: ${wrongHost ? "ssh: host key mismatch" : reason(error, attempted)}`);
  }
}

function reason(error: unknown, attempted: string[]): string {
  const { level, message } = error as Error & { level?: string };
  if (level === "client-authentication")
    return `ssh: unable to authenticate, attempted methods [${attempted.join(" ")}], no supported methods remain`;
  return /no matching host key/.test(message) ? "ssh: no common algorithm for host key" : message;
}

const causes: Record<string, string> = {
  ECONNREFUSED: "connect: connection refused",
  EHOSTUNREACH: "connect: no route to host",
  ENETUNREACH: "connect: network is unreachable",
  ENOTFOUND: "no such host",
};

async function openSocket({ host, port, perDialTimeout }: Connection): Promise<Socket> {
  const socket = connect({ host, port });
  const timeout = perDialTimeout > 0 ? AbortSignal.timeout(perDialTimeout * 1000) : undefined;
  try {
    await once(socket, "connect", timeout && { signal: timeout });
    return socket;
  } catch (error) {
    socket.destroy();
    const { code = "", message } = error as NodeJS.ErrnoException;
    const cause = timeout?.aborted ? "i/o timeout" : (causes[code] ?? message);
    throw new Error(`dial tcp ${host.includes(":") ? `[${host}]` : host}:${port}: ${cause}`);
  }
}

function publicKey(line: string, { utils }: Ssh): ParsedKey {
  const parsed = utils.parseKey(line.trim());
  const key = Array.isArray(parsed) ? (parsed as ParsedKey[])[0]! : parsed;
  if (key instanceof Error) throw new Error("failed to parse host key: ssh: no key found");
  return key;
}
