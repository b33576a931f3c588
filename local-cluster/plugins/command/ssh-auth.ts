import { connect } from "node:net";
import { once } from "node:events";
import type { AnyAuthMethod, AuthenticationType, AuthHandlerMiddleware, ParsedKey } from "ssh2";
import type { Connection } from "./connection";

export interface Auth {
  handler: AuthHandlerMiddleware;
  /** The methods that were tried so far, as the server knows them. */
  attempted: string[];
}

/**
 * What the client offers, in the official plugin's order: the key, the password, the agent. As there, an agent is not
 * asked where a key is given, but one that can't be reached is an error all the same.
 */
export async function authFor(connection: Connection, { parseKey }: typeof import("ssh2").utils): Promise<Auth> {
  const { user: username, password } = connection;
  const offers: AnyAuthMethod[] = [{ type: "none", username }];
  if (connection.privateKey != null) {
    const key = privateKey(parseKey(connection.privateKey, connection.privateKeyPassword ?? undefined));
    offers.push({ type: "publickey", username, key });
  }
  if (password != null) {
    offers.push({ type: "password", username, password });
    const answer = (count: number): string[] => Array.from({ length: count }, () => password);
    offers.push({
      type: "keyboard-interactive",
      username,
      prompt: (_name, _instructions, _language, prompts, finish) => finish(answer(prompts.length)),
    });
  }
  const agent = connection.agentSocketPath ?? process.env.SSH_AUTH_SOCK;
  if (agent) {
    await assertAnswers(agent);
    if (connection.privateKey == null) offers.push({ type: "agent", username, agent });
  }
  return oneByOne(offers);
}

function oneByOne(offers: AnyAuthMethod[]): Auth {
  const attempted: string[] = [];
  const handler: AuthHandlerMiddleware = (accepted: AuthenticationType[] | null, _partial, next) => {
    const index = offers.findIndex(({ type }) => type === "none" || !accepted || accepted.includes(asServerSays(type)));
    const [offer] = index < 0 ? [] : offers.splice(index, 1);
    if (offer) attempted.push(asServerSays(offer.type));
    // The types don't say that false ends the attempts.
    next(offer ?? (false as never));
  };
  return { handler, attempted };
}

const asServerSays = (type: AuthenticationType): AuthenticationType => (type === "agent" ? "publickey" : type);

function privateKey(parsed: ParsedKey | Error): ParsedKey {
  const key = Array.isArray(parsed) ? (parsed as ParsedKey[])[0]! : parsed;
  if (key instanceof Error) throw new Error(keyFault(key.message));
  if (!key.isPrivateKey()) throw new Error("ssh: no key found");
  return key;
}

function keyFault(message: string): string {
  if (/no passphrase given/.test(message)) return "ssh: this private key is passphrase protected";
  if (/bad passphrase|integrity check failed/i.test(message)) return "x509: decryption password incorrect";
  return "ssh: no key found";
}

async function assertAnswers(agent: string): Promise<void> {
  const socket = connect(agent);
  try {
    await once(socket, "connect");
  } catch {
    throw new Error(`dial unix ${agent}: connect: no such file or directory`);
  } finally {
    socket.destroy();
  }
}
