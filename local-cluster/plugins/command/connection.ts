import { reveal, Secret, type JsonObject, type Properties, type Value } from "../protocol/values";

/** How to reach a host; the SDK gives the defaults. */
export interface Connection {
  host: string;
  port: number;
  user: string;
  password?: string | null;
  privateKey?: string | null;
  privateKeyPassword?: string | null;
  agentSocketPath?: string | null;
  /** In the form of a known_hosts line without its host. Without it, any host is believed. */
  hostKey?: string | null;
  /** How many failed attempts are followed by another one; -1: all. */
  dialErrorLimit: number;
  /** Seconds for the TCP connection of one attempt; 0: no limit. What comes after it has none. */
  perDialTimeout: number;
}

const defaults = { port: 22, user: "root", dialErrorLimit: 10, perDialTimeout: 15 };

/** The connection of a remote command's inputs or state. Throws for a bastion host. */
export function connectionIn(inputs: Properties): Connection {
  const settings = (reveal(inputs.connection ?? null) ?? {}) as JsonObject;
  if (settings.proxy != null)
    throw new Error("connection.proxy: not supported by the stand-in command plugin; the official plugin has it");
  const given = Object.entries(settings).filter(([, value]) => value !== null);
  return { ...defaults, ...Object.fromEntries(given) } as unknown as Connection;
}

/**
 * The inputs that an error message must not quote. A connection is a secret as a whole, but a message without its host
 * and user would say nothing: only what opens the door is left out.
 */
export function unspeakable({ connection, ...others }: Properties): Properties {
  const { password, privateKey, privateKeyPassword } = (reveal(connection ?? null) ?? {}) as Properties;
  const credentials: Record<string, Value | undefined> = { password, privateKey, privateKeyPassword };
  const given = Object.entries(credentials).filter((entry): entry is [string, Value] => entry[1] != null);
  return { ...others, ...Object.fromEntries(given.map(([name, value]) => [name, new Secret(value)])) };
}
