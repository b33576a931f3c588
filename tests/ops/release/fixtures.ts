import type { ClaimFacts } from "../../../model/facts";
import type { ClaimPlan } from "../../../model/storage";
import { findClaim } from "../../../ops/move/find";
import type { ReleaseFacts } from "../../../ops/release/decide";
import { claimFacts } from "../../facts";
import { committedStacks, planOf } from "../../stack";

/** The claim of Redis in several states, and what the cluster has of it. */

export const owner = "cluster-storage/dev";
export const redis = (entry: string): ClaimPlan =>
  findClaim(
    "redis",
    planOf(
      committedStacks()
        .get("dev")!
        .replace(/redis: \{[^}]*\}/, `redis: { size: 1Gi, ${entry} }`),
      "dev",
    ).plan,
  );
export const moved = redis("generation: 2, kept: [{ generation: 1, size: 1Gi }]");
export const back = redis("generation: 1, from: 2, kept: [{ generation: 2, size: 1Gi }]");
export const asItWas = redis("generation: 1, kept: [{ generation: 2, size: 1Gi }]");
export const twice = redis("generation: 3, kept: [{ generation: 1, size: 1Gi }, { generation: 2, size: 1Gi }]");

export const at = "2026-11-22T05:40:00.000Z";
export const proof = (from: string) => ({
  "cluster-storage/moved": JSON.stringify({
    from,
    at,
    files: 3,
    bytes: 2048,
    seconds: 1,
    sha256: "0123456789abcdef00",
  }),
});
export const left = (to: string) => ({ "cluster-storage/moved-to": JSON.stringify({ to, at }) });
export const claimWith = (name: string, more: Partial<ClaimFacts> = {}): ClaimFacts =>
  claimFacts({
    name,
    stack: owner,
    className: "local-path",
    volume: "pvc-u",
    capacity: "1Gi",
    created: "2026-11-19T05:40:00.000Z",
    ...more,
  });
export const on = (name: string, moving?: string) => ({ moving, claims: new Set([name]) });
export const facts = (more: Partial<ReleaseFacts>): ReleaseFacts => ({
  claim: claimWith("redis-data"),
  pods: [],
  workload: on("redis-data-2"),
  current: claimWith("redis-data-2", { annotations: proof("redis-data") }),
  ...more,
});
