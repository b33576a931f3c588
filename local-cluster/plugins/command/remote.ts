import { once } from "node:events";
import type { Client, ClientChannel } from "ssh2";
import { dial } from "./dial";
import type { Connection } from "./connection";
import { chomp, collect, failure, type Logging, type Output } from "./output";

export interface RemoteCommand {
  connection: Connection;
  command: string;
  /** The server must accept these. */
  environment: Record<string, string>;
  /** The output of the last run, as variables; given where the server accepts them. */
  previous: Record<string, string>;
  stdin: string;
  logging: Logging;
}

export interface Reports {
  /** A line of the command's output. */
  line(text: string): void;
  /** What is going on. */
  note(text: string): void;
  warn(text: string): void;
}

/**
 * Runs a command on another machine, by the login shell of its user. Throws with all its output when its exit status is
 * not 0. As with the official plugin, a cancellation ends the attempts to connect, never a command that runs; and
 * a command whose connection is lost goes on there, since it has no terminal.
 */
export async function runRemote(remote: RemoteCommand, reports: Reports, cancelled: AbortSignal): Promise<Output> {
  const client = await dial(remote.connection, reports.note, cancelled);
  try {
    const env = await accepted(client, remote, reports);
    const { channel, exit } = await open(client, remote.command, env);
    const { output, all } = collect({ stdout: channel, stderr: channel.stderr }, remote.logging, reports.line);
    channel.end(remote.stdin);
    const status = await ending(channel, exit);
    if (status !== undefined) throw failure(status, remote.command, all());
    return { stdout: chomp(output.stdout), stderr: chomp(output.stderr) };
  } finally {
    client.end();
  }
}

/** Undefined for exit status 0. */
async function ending(channel: ClientChannel, exit: () => unknown[]): Promise<string | undefined> {
  channel.on("error", () => undefined); // a command need not read its input
  await once(channel, "close");
  const [code, signal] = exit() as [number | null | undefined, string | undefined];
  if (code === 0) return undefined;
  if (signal) return `Process exited with status ${numberOf(signal)} from signal ${signal.replace(/^SIG/, "")}`;
  if (code == null) return "wait: remote command exited without exit status or exit signal";
  return `Process exited with status ${code}`;
}

const signals: Record<string, number> = { HUP: 1, INT: 2, QUIT: 3, ABRT: 6, KILL: 9, SEGV: 11, PIPE: 13, TERM: 15 };
const numberOf = (signal: string): number => 128 + (signals[signal.replace(/^SIG/, "")] ?? 0);

/**
 * The variables that the server takes; most take only those of the locale. The client asks without an answer, so
 * a program there says what has arrived.
 */
async function accepted(
  client: Client,
  { environment, previous }: RemoteCommand,
  { warn }: Reports,
): Promise<Record<string, string>> {
  const wanted = { ...environment, ...previous };
  const arrived: Record<string, string> = {};
  for (const [name, value] of Object.entries(wanted)) {
    const { channel } = await open(client, `printenv ${name}`, { [name]: value });
    const { output } = collect({ stdout: channel, stderr: channel.stderr }, "none", () => undefined);
    await once(channel.end(), "close");
    if (chomp(output.stdout) === value) arrived[name] = value;
    else if (name in environment) throw new Error(`could not set environment variable "${name}": ssh: setenv failed`);
    else warn(`Unable to set '${name}'. This only works if your SSH server is configured to accept it via AcceptEnv.`);
  }
  return arrived;
}

/** Starts the command. `exit`: its status and its signal, once its channel is closed. */
function open(client: Client, command: string, env: Record<string, string>): Promise<Opened> {
  return new Promise((resolve, reject) => {
    client.exec(command, { env }, (error, channel) => {
      if (error) return reject(error);
      // The status may be in the same packet as this answer, and is told of before whoever awaits the channel goes on.
      let said: unknown[] = [];
      channel.on("exit", (...args: unknown[]) => (said = args));
      resolve({ channel, exit: () => said });
    });
    client.once("close", () => reject(new Error("EOF")));
  });
}

interface Opened {
  channel: ClientChannel;
  exit: () => unknown[];
}
