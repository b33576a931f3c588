import type { Move } from "../../../model/mover";
import type { StateResource } from "../../../ops/pulumi/state";
import { aMove } from "../../mover/a-move";

const jobType = "kubernetes:batch/v1:Job";

export const urnOf = (name: string) => `urn:pulumi:dev::shop::${jobType}::${name}`;

/** A move of the stack shop/dev. */
export const moveOf = (changes: Partial<Move> = {}) => aMove({ owner: "shop/dev", ...changes });

/** The move's job, as the state has it while it is being created. */
export function moveJob(move = moveOf()): StateResource {
  const env = [{ name: "MOVE", value: JSON.stringify(move) }];
  return {
    urn: urnOf(move.job),
    type: jobType,
    custom: true,
    inputs: {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name: move.job, namespace: move.namespace },
      spec: { template: { spec: { containers: [{ name: "move", env }] } } },
    },
  };
}
