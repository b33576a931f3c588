import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, readlinkSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { runningInstance } from "../../local-cluster/instance/instance";
import { allProcesses, ended, signal, waitFor, type Process } from "../../local-cluster/instance/processes";
import { nodeRoot } from "./root";

/** A Debian machine with a real sshd, for tests: the root of its own mounts and processes. */
export interface SshNode {
  /** The instance's address, which is its node's InternalIP as well. */
  address: string;
  /** `ssh-ed25519 AAAA…`, as in a known_hosts line. */
  hostKey: string;
  /** The file of a private key that may log in as root. */
  keyFile: string;
  /** Runs a program there, as a person at its keyboard would. */
  run(command: string[], input?: string): Promise<string>;
  /** A path there, as this machine sees it. */
  inside(path: string): string;
  /** The processes there whose arguments have this text, as this machine numbers them. */
  processes(text: string): Process[];
  startSshd(): Promise<void>;
  /** The listener ends, and every session with it. */
  stopSshd(): Promise<void>;
  remove(): Promise<void>;
}

/**
 * Starts one in the network of the local cluster `instance`. It ends with that cluster at the latest, and leaves
 * nothing: what it writes is in its own memory.
 */
export function startSshNode(instance: string): Promise<SshNode> {
  const { layout, init } = runningInstance(instance);
  return start(layout.addresses.node, 22, init);
}

/** Starts one in this machine's own network, whose sshd answers this machine alone, at this port of 127.0.0.1. */
export const startSshServer = (port: number): Promise<SshNode> => start("127.0.0.1", port);

async function start(address: string, port: number, init?: Process): Promise<SshNode> {
  const keys = await mkdtemp(join(tmpdir(), "ssh-node-"));
  const keyFile = join(keys, "key");
  await execa("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", keyFile]);
  const first = await isolate(await nodeRoot(), init);
  const node = nodeOf(first, { address, keyFile });
  const remove = async (): Promise<void> => {
    signal(first, "SIGKILL");
    if (!(await ended(first, 30))) throw new Error("the node's processes do not end");
    await rm(keys, { recursive: true });
  };
  try {
    await writeFile(node.inside("/root/.ssh/authorized_keys"), await readFile(`${keyFile}.pub`), { mode: 0o600 });
    await writeFile(node.inside("/etc/ssh/sshd_config"), config(address, port));
    await node.startSshd();
    return { ...node, remove, hostKey: await hostKeyOf(node) };
  } catch (error) {
    await remove();
    throw error;
  }
}

type Unfinished = Omit<SshNode, "hostKey" | "remove">;

function nodeOf(first: Process, known: Pick<SshNode, "address" | "keyFile">): Unfinished {
  const enter = ["--target", String(first.pid), "--pid", "--mount", "--net", "--"];
  const run = async (command: string[], input = ""): Promise<string> => {
    const { stdout } = await execa("nsenter", [...enter, ...command], {
      input,
      cwd: "/",
      env: clean,
      extendEnv: false,
    });
    return stdout;
  };
  const processes = (text: string): Process[] => {
    const space = namespaceOf(first.pid);
    const all = allProcesses().filter(({ pid }) => pid !== first.pid && namespaceOf(pid) === space);
    return all.filter(({ command }) => command.join(" ").includes(text));
  };
  return {
    ...known,
    run,
    processes,
    inside: (path) => join(`/proc/${first.pid}/root`, path),
    startSshd: async () => void (await run(["/usr/sbin/sshd"])),
    async stopSshd() {
      const all = processes("sshd");
      for (const one of all) signal(one, "SIGKILL");
      for (const one of all) await ended(one, 10);
    },
  };
}

const hostKeyOf = async ({ inside }: Unfinished): Promise<string> =>
  (await readFile(inside("/etc/ssh/ssh_host_ed25519_key.pub"), "utf8")).split(" ").slice(0, 2).join(" ");

const clean = { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", HOME: "/root", LC_ALL: "C" };

const config = (address: string, port: number): string => `
ListenAddress ${address}
Port ${port}
Subsystem sftp internal-sftp
PermitRootLogin yes
PasswordAuthentication yes
UsePAM no
AcceptEnv LANG LC_*
MaxStartups 100
`;

/**
 * Process 1, in process and network namespaces below the instance's, so that it can't outlive it. Without an instance
 * it is in this machine's network.
 */
async function isolate(root: string, init?: Process): Promise<Process> {
  const mark = `ssh-node-${randomBytes(4).toString("hex")}`;
  const below = init ? ["nsenter", "--target", String(init.pid), "--pid", "--net", "--"] : [];
  const flags = ["--fork", "--pid", "--mount", "--mount-proc", "--propagation", "private"];
  const script = await readFile(join(__dirname, "setup.sh"), "utf8");
  const [program, ...args] = [...below, "unshare", ...flags, "sh", "-c", script, mark, root];
  const child = spawn(program!, args, {
    stdio: ["ignore", "ignore", "pipe"],
    cwd: "/",
    env: clean,
  });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (complaint += text));
  child.unref();
  const find = (): Process | undefined =>
    allProcesses().find(({ pid, command }) => command[0] === "sh" && command.includes(mark) && ready(pid));
  if (!(await waitFor(30, () => find() !== undefined || child.exitCode !== null))) child.kill();
  child.stderr.destroy();
  const found = find();
  if (!found) throw new Error(`the node did not start: ${complaint.trim()}`);
  return found;
}

const ready = (pid: number): boolean => existsSync(`/proc/${pid}/root/run/node-ready`);

function namespaceOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`);
  } catch {
    return ""; // It ended between two reads.
  }
}
