import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { Command, type CommandArgs } from "@pulumi/command/remote";
import type { CustomResourceOptions, Unwrap } from "@pulumi/pulumi";
import { allProcesses, type Process } from "../../local-cluster/instance/processes";
import { startSshNode, type SshNode } from "../ssh-node/node";
import { contractInstance } from "./environment";
import type { Program } from "./stack";

export type Connection = Partial<Unwrap<CommandArgs["connection"]>>;

export interface RemoteGround {
  node: SshNode;
  /** What commands have written into the file /tmp/log there. */
  logged(): Promise<string[]>;
  /** The connection that the program would use, with what a test wants otherwise. */
  connection(other?: Connection): Unwrap<CommandArgs["connection"]>;
  /** A stack with one command; its output is the stack's. */
  one(args: Partial<CommandArgs>, other?: Connection, options?: CustomResourceOptions): Program;
}

/** A machine with a real sshd for the tests of one `describe`. */
export function useSshNode(): () => RemoteGround {
  let ground: RemoteGround;
  before("the machine with an sshd", async function () {
    this.timeout(600_000);
    const node = await startSshNode(contractInstance);
    ground = groundOf(node, await readFile(node.keyFile, "utf8"));
  });
  beforeEach(() => ground.node.run(["sh", "-c", ": > /tmp/log"]));
  after(() => ground?.node.remove());
  return () => ground;
}

function groundOf(node: SshNode, privateKey: string): RemoteGround {
  const connection = (other: Connection = {}) => ({
    host: node.address,
    privateKey,
    hostKey: node.hostKey,
    dialErrorLimit: 0,
    perDialTimeout: 5,
    ...other,
  });
  return {
    node,
    connection,
    logged: async () => (await node.run(["cat", "/tmp/log"])).split("\n").filter(Boolean),
    one: (args, other, options) => () => ({
      out: new Command("one", { connection: connection(other), addPreviousOutputInEnv: false, ...args }, options)
        .stdout,
    }),
  };
}

/** A port of this machine that answers nobody, as behind a firewall: its process sleeps and its queue is full. */
export async function silentPort(): Promise<{ port: number; close(): void }> {
  const program = `const server = require("node:net").createServer().listen({ port: 0, host: "127.0.0.1", backlog: 1 },
    () => { console.log(server.address().port); setInterval(() => process.kill(process.pid, "SIGSTOP"), 10) })`;
  const child: ChildProcess = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = (await once(child.stdout!, "data")) as [Buffer];
  const port = Number(line);
  await new Promise((resolve) => setTimeout(resolve, 200));
  const fill: Socket[] = Array.from({ length: 4 }, () => connect(port, "127.0.0.1").on("error", () => undefined));
  await new Promise((resolve) => setTimeout(resolve, 200));
  const close = (): void => {
    fill.forEach((socket) => socket.destroy());
    child.kill("SIGKILL");
  };
  return { port, close };
}

/** What this test run has started, or what that has started, whose arguments have the text. */
export function ownProcesses(text: RegExp): Process[] {
  const all = allProcesses();
  const found = new Set([process.pid]);
  for (let size = 0; size < found.size;) {
    size = found.size;
    for (const { pid, parent } of all) if (found.has(parent)) found.add(pid);
  }
  return all.filter(({ pid, command }) => pid !== process.pid && found.has(pid) && text.test(command.join(" ")));
}
