import type { Move } from "../../model/mover";

/** A move of Redis from one claim to another, with these changes. */
export function aMove(changes: Partial<Move> = {}): Move {
  return {
    kind: "copy",
    job: "redis-data-1-to-2",
    service: "redis",
    namespace: "cache",
    workload: { kind: "Deployment", name: "redis" },
    volume: "redis-data",
    source: { claim: "redis-data", generation: 1, accessMode: "ReadWriteOnce", size: "1Gi" },
    target: { claim: "redis-data-2", generation: 2, accessMode: "ReadWriteOnce" },
    identity: { uid: 999, gid: 999 },
    image: "mover:1",
    scripts: "redis-move",
    graceSeconds: 1,
    replace: false,
    owner: "project/dev",
    ...changes,
  };
}
