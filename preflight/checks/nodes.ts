import type { CheckResult, GeneralCheck } from "../../model/backend";
import type { NodeStanding, StepState } from "../../model/node-preparation";
import { results } from "../results";

const { ok, warning, error } = results("nodes-prepared");

/** What the config says of nodes is there, or the update can make it (docs/nodes.md). */
export const nodesPrepared: GeneralCheck = {
  id: "nodes-prepared",
  group: "nodes",
  run: ({ facts }) => (facts.prepared ?? []).flatMap(judge),
};

function judge({ node, away, sealed, states }: NodeStanding): CheckResult[] {
  if (away === undefined) return states.map((state) => judgeState(node, state));
  const title = `${node} can't be asked: ${away}`;
  if (sealed) return [warning(title, "pulumi preview asks this node, and says what the update makes on it")];
  return [error(title, "pulumi up needs this node; let it answer, or take it out of the config")];
}

function judgeState(node: string, { state, words, why, note }: StepState): CheckResult {
  if (state === "refused") return error(`${words} of ${node} can't be made`, why ?? "");
  return ok(
    state === "done"
      ? `${node} has ${words}`
      : `the update makes ${words} on ${node}${note === undefined ? "" : `: ${note}`}`,
  );
}
