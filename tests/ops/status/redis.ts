import type { V1Pod } from "@kubernetes/client-node";
import type { ClaimFacts } from "../../../model/facts";
import type { ServiceOutput } from "../../../ops/pulumi/outputs";
import { type ServiceFacts } from "../../../ops/status/rows";
import { claimFacts } from "../../facts";

export const redis: ServiceOutput = {
  namespace: "cache",
  kind: "Deployment",
  workload: "redis",
  run: true,
  claims: [{ name: "redis-data", class: "local-path", size: "1Gi", generation: 1, ephemeral: false, kept: [] }],
  image: "redis:7.4.11-bookworm",
  standIn: false,
  check: { container: "redis", write: [], read: [], remove: [], list: [] },
  needs: [],
};

export const bound = claimFacts({
  name: "redis-data",
  created: "2026-11-19T05:40:00.000Z",
  className: "fast",
  size: "2Gi",
  capacity: "2Gi",
});

export const ready: V1Pod = {
  metadata: { name: "redis-1" },
  spec: {
    nodeName: "local",
    containers: [
      { name: "sidecar", image: "x" },
      { name: "redis", image: "redis:running" },
    ],
  },
  status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
};

export const facts = (claims: ClaimFacts[], pods?: V1Pod[]) =>
  new Map<string, ServiceFacts>([["redis", { claims: new Map(claims.map((claim) => [claim.name, claim])), pods }]]);
