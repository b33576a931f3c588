import { NodeAway } from "../../model/node-preparation";
import { asRoot } from "../linux/shell";

/** Milliseconds within which a node has to answer. */
const patience = 30_000;

/** What the user of `minikube ssh` is called; it may use sudo without a password. */
const user = "docker";

/** Runs a script on a node, by `minikube ssh`, as root. Throws NodeAway where minikube doesn't get there. */
export async function runByMinikube(
  profile: string,
  node: string,
  script: string,
): Promise<{ failed: boolean; stdout: string; stderr: string }> {
  // Only a stack with such nodes pays for loading it.
  const { execa } = await import("execa");
  const args = ["-p", profile, "ssh", "-n", node, "--", asRoot(script, user)];
  const done = await execa("minikube", args, { timeout: patience, reject: false, stdin: "ignore" });
  if (done.code === "ENOENT") throw new NodeAway("minikube is not on the PATH of this machine; install it");
  if (done.timedOut) throw new NodeAway(`minikube ssh didn't end within ${patience / 1000} seconds`);
  return { failed: done.failed, stdout: done.stdout.replaceAll("\r", ""), stderr: done.stderr.replaceAll("\r", "") };
}

/** What minikube, or the script, said first, without its signs and its link to a bug report. */
export const firstWords = (stderr: string): string =>
  stderr
    .split("\n")
    .map((line) => line.replace(/^[^\x20-\x7e]+\s*/, "").trim())
    .filter((line) => line !== "" && !/^[│╭╰*]/.test(line) && !/^ssh: Process exited/.test(line))[0] ??
  "it says nothing more";
