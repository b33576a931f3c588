import type { Move } from "../../../mover/types";
import type { StateResource } from "../../../ops/recover/state";

const jobType = "kubernetes:batch/v1:Job";

export const urnOf = (name: string) => `urn:pulumi:dev::shop::${jobType}::${name}`;

/** A move of Redis from one class to another. */
export function moveOf(over: Partial<Move> = {}): Move {
  return {
    kind: "copy",
    job: "redis-data-1-to-2",
    service: "redis",
    namespace: "cache",
    workload: { kind: "Deployment", name: "redis" },
    volume: "redis-data",
    source: { claim: "redis-data", generation: 1, accessMode: "ReadWriteOnce", size: "1Gi" },
    target: { claim: "redis-data-2", generation: 2, accessMode: "ReadWriteOnce", size: "2Gi" },
    identity: { uid: 999, gid: 999 },
    image: "node:22",
    scripts: "redis-move",
    graceSeconds: 60,
    replace: false,
    owner: "shop/dev",
    ...over,
  };
}

/** Its job, as the state has what is being created. */
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
