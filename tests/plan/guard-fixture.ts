import assert from "node:assert/strict";
import { guardData } from "../../plan/guards";
import type { ClaimFacts, ClusterFacts } from "../../model/facts";
import { claimFacts, classFacts } from "../facts";
import { planOf } from "../stack";

const header = `config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends:
    local-path: { type: local-path, path: /opt/volumes, default: true }
    fast: { type: local-path, path: /opt/fast }
    made: { type: static, volumes: { redis-data: pv-new } }
    share: { type: nfs, server: nas.home, share: /volumes }
  cluster-storage:services:
`;

const classes = [classFacts("local-path", { isDefault: true }), classFacts("grows", { allowsExpansion: true })];

export const claim = (change: Partial<ClaimFacts> = {}) =>
  claimFacts({
    namespace: "local-ai-system",
    name: "redis-data",
    service: "redis",
    stack: "cluster-storage/test",
    className: "local-path",
    ...change,
  });

/** What is said of a config on a cluster that has these claims. */
export function said(
  services: string,
  claims: ClaimFacts[],
  more: Partial<ClusterFacts> & { adopting?: boolean } = {},
) {
  const { plan, faults } = planOf(`${header}    ${services}\n`);
  assert.deepEqual(faults, []);
  const { adopting = false, ...facts } = more;
  const guarded = guardData({ ...plan, adopting }, { classes, claims, volumes: [], ...facts });
  return { faults: guarded.faults.map(({ path, message }) => `${path}: ${message}`), warnings: guarded.warnings };
}

export const redis = "redis: { size: 1Gi, class: local-path }";
export const moved =
  "redis: { size: 1Gi, backend: fast, generation: 2, kept: [{ generation: 1, size: 1Gi, class: local-path }] }";
