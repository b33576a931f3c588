import type { NodeTarget, NodeType } from "../../model/node-preparation";
import { NodeAway } from "../../model/node-preparation";
import { type LinuxConfig, schema } from "./config";
import { type LinuxFacts, parseLooks } from "./facts";
import { foreseeLinux } from "./foresee";
import { judgeLinux } from "./judge";
import { remains } from "./remains";
import { runOverSsh } from "./ssh";
import { lookScript, rootShell } from "./shell";
import { linuxNodeSteps, linuxSteps } from "./steps";

async function ask(target: NodeTarget, settings: LinuxConfig): Promise<LinuxFacts> {
  const { mounts, directories, selinux } = settings;
  const jobs = linuxSteps(settings).map(({ id, job }) => ({ id, ...job }));
  const paths = [...new Set([...Object.keys(mounts), ...Object.keys(directories), ...selinux])];
  const command = rootShell(target.access.ssh.user, "a look");
  const said = await runOverSsh(target, settings.hostKey, command, lookScript(jobs, paths));
  const facts = parseLooks(said.stdout);
  if (!facts) throw new NodeAway(lookFault(said));
  return facts;
}

/** What sudo says to who may not use it, in its versions. */
const mayNot = /^sudo: (?!unable to resolve host)|sudo: .*not found|not in the sudoers file|not allowed to execute/;

/** Why the script gave no answer that can be read. Pure. */
export function lookFault({ stderr, stdout }: { stdout: string; stderr: string }): string {
  const lines = stderr.trim().split("\n");
  const last = lines.at(-1) ?? "";
  const refusal = lines.find((line) => mayNot.test(line));
  if (refusal !== undefined)
    return `its account may not use sudo without a password ("${refusal}"); allow it, or set nodeAccess.ssh.user: root`;
  if (/^root\t[1-9]/m.test(stdout)) return "its account is not root there; set nodeAccess.ssh.user";
  return `it answers over SSH and can't be looked at${last && `: ${last}`}`;
}

/** Nodes with any Linux that has a shell and an SSH server. */
export const node: NodeType<LinuxConfig, LinuxFacts> = {
  type: "linux",
  schema,
  steps: linuxNodeSteps,
  ask,
  judge: judgeLinux,
  remains,
  foresee: foreseeLinux,
  hostKey: ({ hostKey }) => hostKey,
};
