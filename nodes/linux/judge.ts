import type { DoneStep, Judged, StepState } from "../../model/node-preparation";
import { listed } from "../../preflight/results";
import type { LinuxConfig } from "./config";
import type { LinuxFacts } from "./facts";
import { type LinuxStep, linuxSteps } from "./steps";

/** Kinds of steps that hold the data of volumes. */
const holding = ["directory", "mount", "volume-group"];

type Known = Omit<Judged<unknown, LinuxFacts>, "node" | "settings">;

/** How each step stands, by what its script says. Pure. */
export const judgeSteps = (steps: readonly LinuxStep[], { facts, done, claims }: Known): StepState[] =>
  steps.map((step) => {
    const hidden = isHidden(step, steps, facts);
    const state = judge(step, facts, done[step.id], hidden ? [] : claims);
    // What is seen without the mount, such as a mount point that nothing can be written to, says nothing of the step.
    const { id, path, words } = step;
    return hidden && state.state === "refused"
      ? { id, path, words, state: "missing", note: "its mount comes first" }
      : state;
  });

/** Whether a directory is on a mount that isn't there now. Then nothing is known of it, and the mount is judged. */
const isHidden = ({ job }: LinuxStep, steps: readonly LinuxStep[], { looks }: LinuxFacts): boolean =>
  job.kind === "directory" &&
  steps.some(
    ({ id, job: { kind, variables } }) =>
      kind === "mount" && looks[id]?.state !== "done" && `${job.variables.path}/`.startsWith(`${variables.point}/`),
  );

/** How each step of a node of type `linux` stands. Pure. */
export const judgeLinux = ({ settings, ...known }: Judged<LinuxConfig, LinuxFacts>): StepState[] =>
  judgeSteps(linuxSteps(settings), known);

function judge(
  { id, path, words, job, line }: LinuxStep,
  { looks }: LinuxFacts,
  before: DoneStep | undefined,
  claims: readonly string[],
): StepState {
  const step = { id, path, words };
  const look = looks[id];
  if (!look) return { ...step, state: "refused", why: "the node didn't say how it stands. Nothing was changed." };
  if (look.state === "done") return { ...step, state: "done" };
  if (look.state === "refused") return { ...step, state: "refused", why: look.words };
  if (look.state === "anew" && before && holding.includes(job.kind) && claims.length > 0) {
    const changed = JSON.stringify(before.line) !== JSON.stringify(line);
    return {
      ...step,
      state: "refused",
      why:
        `an earlier update made it, and now ${look.words}; ${listed(claims)} may have had data there. ` +
        "Nothing was made anew, since that would hide where the data is. " +
        (changed
          ? "Put the old line back."
          : "Look for its disk or directory on the node. Only if it held nothing: make it there by hand, and run " +
            "pulumi up again."),
    };
  }
  return { ...step, state: "missing", note: look.words };
}
