import { NodeAway, type LocalStep, type NodeStep, type NodeTarget, type NodeType } from "../../model/node-preparation";
import { UserError } from "../../model/user-error";
import { type LinuxFacts, parseLooks } from "../linux/facts";
import { judgeSteps } from "../linux/judge";
import { type Job, lookScript, makeScript, nameOf } from "../linux/shell";
import { firstWords, runByMinikube } from "./client";
import { type MinikubeConfig, schema } from "./config";

/** What the update is told of one step. */
interface Line {
  profile: string;
  path: string;
}

const jobOf = (path: string): Job => ({
  kind: "directory",
  variables: { path, mode: "", owner: "", lasting: "yes" },
});

const stepsOf = ({ profile, directories }: MinikubeConfig) =>
  directories.map((path) => ({
    id: `directory${nameOf(path)}`,
    words: `the directory ${path}`,
    path: ["directories"],
    line: { profile, path } satisfies Line,
    job: jobOf(path),
  }));

async function ask({ name }: NodeTarget, settings: MinikubeConfig): Promise<LinuxFacts> {
  const jobs = stepsOf(settings).map(({ id, job }) => ({ id, ...job }));
  const said = await runByMinikube(settings.profile, name, lookScript(jobs, []));
  const facts = parseLooks(said.stdout);
  if (facts) return facts;
  throw new NodeAway(`minikube -p ${settings.profile} ssh got no answer: ${firstWords(said.stderr)}`);
}

async function carryOut({ name, line }: LocalStep): Promise<void> {
  const { profile, path } = line as Line;
  const said = await runByMinikube(profile, name, makeScript(jobOf(path)));
  if (said.failed) throw new UserError(firstWords(said.stderr));
}

/** Nodes of Minikube, whatever its driver is. */
export const node: NodeType<MinikubeConfig, LinuxFacts> = {
  type: "minikube",
  schema,
  steps: (settings) => stepsOf(settings).map(({ job: _, ...step }): NodeStep => ({ ...step, run: "local" })),
  ask,
  judge: ({ settings, ...judged }) => judgeSteps(stepsOf(settings), judged),
  remains: (name, _, line) => {
    const { profile, path } = line as Line;
    return (
      `the directory ${path} with its files stays on ${name}. To take it away by hand: see what is in it, then ` +
      `minikube -p ${profile} ssh -n ${name} -- sudo rm -r ${path}`
    );
  },
  foresee: (node, _, { system }) => ({ ...node, system }),
  carryOut,
};
