import assert from "node:assert/strict";
import { execInPod } from "../../../kube/exec";
import { waitForReadyPod } from "../../../kube/pods";
import type { Cluster } from "../fixture";
import { refOf } from "../kill-pod";

/** Asks a service in its own container. */
export interface Inside {
  /** Runs a command; returns what it printed. */
  run(command: string[]): Promise<string>;
  /** Runs JavaScript that may call the interface's functions; returns what it printed. */
  call(work: string): Promise<string>;
}

/** A service that is asked over its own interface, by an account that was made by it. */
export interface Interface {
  name: string;
  port: number;
  /**
   * JavaScript: functions `account`, which makes the account; `login`, which returns the headers of a session; and
   * `write`, which takes the headers and a number, and returns once the service has acknowledged that.
   */
  program: string;
  /** The numbers that were written and can be read as they were written. */
  read(inside: Inside): Promise<number[]>;
}

/** What every program needs. */
const common = `
const call = async (path, { headers = {}, body } = {}) => {
  const answer = await fetch(process.env.BASE + path, {
    method: body ? "POST" : "GET",
    headers: { "content-type": "application/json", ...headers },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(path + ": " + answer.status + " " + text.slice(0, 400));
  const cookie = answer.headers.getSetCookie().map((line) => line.split(";")[0]).join("; ");
  return { cookie, json: () => JSON.parse(text) };
};
/** A service that answers its probes may not know all its paths yet. */
const patiently = async (work, tries = 60) => {
  try {
    return await work();
  } catch (error) {
    if (tries === 0 || !error.message.includes(": 404 ")) throw error;
    await new Promise((later) => setTimeout(later, 1000));
    return patiently(work, tries - 1);
  }
};
`;

/** Asks the service in its pod, once that is Ready. A command or a call that doesn't end with 0 is a failure. */
export function inside(cluster: Cluster, { name, port, program }: Interface): Inside {
  const run = async (command: string[]): Promise<string> => {
    const ref = refOf(name);
    const { metadata } = await waitForReadyPod(cluster.kube, ref, 400_000);
    const pod = metadata!.name!;
    const result = await execInPod(cluster.kube, ref.namespace, pod, name, command, { timeout: 240_000 });
    assert.equal(result.exitCode, 0, `${name}: ${result.stdout}${result.stderr}`);
    return result.stdout;
  };
  const base = `process.env.BASE = "http://127.0.0.1:${port}";`;
  return { run, call: (work) => run(["node", "-e", `${base}${common}${program}(async () => {${work}})();`]) };
}

/** The script of a pod that writes one number after the other, and says which were acknowledged. */
export const writing = ({ name, port, program }: Interface): string => `
process.env.BASE = "http://${name}.${refOf(name).namespace}:${port}";
${common}${program}
(async () => {
  let headers;
  for (let i = 1; ; i++, await new Promise((later) => setTimeout(later, 200))) {
    try {
      headers ??= await login();
      await write(headers, i);
      console.log("acknowledged " + i);
    } catch (error) {
      console.log("refused " + i + " " + error.message);
      if (error.message.includes(": 401 ")) headers = undefined;
    }
  }
})();
`;
