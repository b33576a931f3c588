import { readFile } from "node:fs/promises";
import type { AnyAuthMethod, Client, ConnectConfig, ParsedKey } from "ssh2";
import { NodeAway, type NodeTarget, type SshAccess } from "../../model/node-preparation";
import { ownPath, revealed } from "../access";

type Ssh = typeof import("ssh2");
type ServerHostKeys = NonNullable<NonNullable<ConnectConfig["algorithms"]>["serverHostKey"]>;

/** Milliseconds for the connection and everything that proves who is who. */
const patience = 10_000;

/** Milliseconds for a look at a node: several disks may have to be read in part. */
const lookPatience = 60_000;

export interface Said {
  stdout: string;
  stderr: string;
}

/**
 * Runs a command on a node, with a text by its standard input, and returns what it said, whatever its exit code. The
 * host is believed only by this key. The program uses a library and not `ssh`, as the commands of the update do:
 * neither has a person's known hosts and jump hosts to go by, so both reach the node or both don't.
 * @throws NodeAway with the reason in words
 */
export async function runOverSsh(target: NodeTarget, hostKey: string, command: string, stdin: string): Promise<Said> {
  // Only a stack with such nodes pays for loading it.
  const { default: ssh } = await import("ssh2");
  const expected = parseHostKey(hostKey, ssh);
  const auth = await authOf(target.access.ssh, ssh);
  const client = new ssh.Client();
  try {
    await connect(client, target, expected, auth);
    return await run(client, command, stdin);
  } finally {
    client.destroy();
  }
}

function parseHostKey(text: string, { utils }: Ssh): ParsedKey {
  const [key] = [utils.parseKey(text)].flat();
  if (key instanceof Error || !key) throw new NodeAway("its hostKey can't be read as the public key of an SSH server");
  return key;
}

/** The one way in that the config says. */
async function authOf(
  { user: username, privateKey, privateKeyFile, agent }: SshAccess,
  ssh: Ssh,
): Promise<AnyAuthMethod> {
  if (privateKey)
    return {
      type: "publickey",
      username,
      key: privateKeyOf(revealed(privateKey, "the private key"), "the secret privateKey", ssh),
    };
  if (privateKeyFile !== undefined) {
    const text = await readFile(ownPath(privateKeyFile), "utf8").catch((error: NodeJS.ErrnoException) => {
      throw new NodeAway(`the private key ${privateKeyFile} can't be read (${error.code})`);
    });
    return { type: "publickey", username, key: privateKeyOf(text, privateKeyFile, ssh) };
  }
  const socket = process.env.SSH_AUTH_SOCK;
  if (agent && !socket)
    throw new NodeAway("nodeAccess.ssh.agent is true, and no agent runs here (SSH_AUTH_SOCK is empty)");
  if (!socket) throw new NodeAway("nodeAccess.ssh names no private key, and no agent runs here; set privateKeyFile");
  return { type: "agent", username, agent: socket };
}

function privateKeyOf(text: string, name: string, { utils }: Ssh): ParsedKey {
  const [key] = [utils.parseKey(text)].flat();
  if (!(key instanceof Error) && key?.isPrivateKey()) return key;
  if (key instanceof Error && /passphrase/i.test(key.message))
    throw new NodeAway(`${name} has a passphrase, which nobody can type here; use an agent (nodeAccess.ssh.agent)`);
  throw new NodeAway(`${name} is no private key for SSH`);
}

function connect(
  client: Client,
  { address, access }: NodeTarget,
  expected: ParsedKey,
  auth: AnyAuthMethod,
): Promise<void> {
  const { port, user } = access.ssh;
  const where = `${address}:${port}`;
  let shown: Buffer | undefined;
  const config: ConnectConfig = {
    host: address,
    port,
    username: user,
    readyTimeout: patience,
    authHandler: [auth],
    algorithms: { serverHostKey: [expected.type] as ServerHostKeys },
    hostVerifier: (key: Buffer) => {
      shown = key;
      return key.equals(expected.getPublicSSH());
    },
  };
  return new Promise((resolve, reject) => {
    client.once("ready", resolve);
    client.on("error", (error: Error & { level?: string; code?: string }) =>
      reject(new NodeAway(reasonOf(error, where, user, shown && !shown.equals(expected.getPublicSSH())))),
    );
    client.once("close", () => reject(new NodeAway(`${where} closed the connection before it had said who it is`)));
    client.connect(config);
  });
}

const causes: Record<string, string> = {
  ECONNREFUSED: "no SSH server listens there",
  EHOSTUNREACH: "there is no route to it",
  ENETUNREACH: "there is no route to it",
  ENOTFOUND: "its name is not known",
  ECONNRESET: "it broke off the connection",
  ETIMEDOUT: "it doesn't answer",
};

function reasonOf(
  error: Error & { level?: string; code?: string },
  where: string,
  user: string,
  other?: boolean,
): string {
  if (other || /no matching host key/i.test(error.message))
    return (
      `${where} shows another host key than the config's hostKey. Either the node was installed anew, or somebody ` +
      "else answers there; compare it on the node itself: cat /etc/ssh/ssh_host_ed25519_key.pub"
    );
  if (error.level === "client-authentication") return `${where} doesn't let the user ${user} in with this key`;
  if (error.level === "client-timeout") return `${where} doesn't answer within ${patience / 1000} seconds`;
  const cause = causes[error.code ?? ""];
  return cause
    ? `${where} can't be reached over SSH: ${cause}`
    : `${where} can't be reached over SSH: ${error.message}`;
}

function run(client: Client, command: string, stdin: string): Promise<Said> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(
      () => reject(new NodeAway(`it lets us in, and a look at it took more than ${lookPatience / 1000} seconds`)),
      lookPatience,
    );
    const end = (settle: () => void) => {
      clearTimeout(late);
      settle();
    };
    client.once("close", () => end(() => reject(new NodeAway("it broke off the connection"))));
    client.exec(command, (error, channel) => {
      if (error) return end(() => reject(new NodeAway(`it lets us in, and runs no command: ${error.message}`)));
      const said = { stdout: "", stderr: "" };
      channel.setEncoding("utf8").on("data", (text: string) => (said.stdout += text));
      channel.stderr.setEncoding("utf8").on("data", (text: string) => (said.stderr += text));
      channel.once("close", () => end(() => resolve(said)));
      channel.end(stdin);
    });
  });
}
