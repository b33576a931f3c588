import assert from "node:assert/strict";
import { settle } from "../../plan/cluster";
import type { ClaimFacts, ClusterFacts } from "../../model/facts";
import { classFacts } from "../facts";
import { planOf } from "../stack";
import { claim } from "./guard-fixture";

const address = "https://b.lan";
const config = (services: string, backups = "") => `config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends:
    local-path: { type: local-path, path: /opt/volumes, default: true }
    pod: { type: ephemeral, allowDataLoss: a test }
  cluster-storage:backups: { repository: { rest: { url: "${address}" }, password: { secure: v1:abc } }${backups} }
  cluster-storage:services: { ${services} }
`;
export const redis = "redis: { size: 1Gi }";

/** The plan of these services, with what the cluster has. */
export function settled(services: string, facts: Partial<ClusterFacts> = {}, backups?: string) {
  const { plan, faults } = planOf(config(services, backups));
  assert.deepEqual(faults, []);
  const classes = [classFacts("local-path", { isDefault: true })];
  return settle(plan, { classes, claims: [], volumes: [], runs: [], ...facts });
}
export const serviceOf = (name: string, ...args: Parameters<typeof settled>) =>
  settled(...args).plan.services.find((service) => service.name === name)!;
export const jobsOf = (name: string, ...args: Parameters<typeof settled>) =>
  serviceOf(name, ...args).claims.map(({ move }) => move?.job);
export const there = (annotations: Record<string, string> = {}, more: Partial<ClaimFacts> = {}) =>
  claim({ annotations, ...more });
export const marked = { "cluster-storage/fill": "newest" };
export const arrived = { ...marked, "cluster-storage/moved": JSON.stringify({ from: "point 0123" }) };
export const filled = ["redis-data-newest-to-1"];
export const told =
  `services.redis: redis-data is filled from the newest point of cluster-storage/test/redis in ${address} before ` +
  "redis starts for the first time; to begin empty instead: fresh: true in its entry";
