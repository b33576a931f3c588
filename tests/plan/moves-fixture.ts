import assert from "node:assert/strict";
import type { ClaimPlan } from "../../model/storage";
import { planOf } from "../stack";

/** A stack file with these services and two backends. */
export const config = (services: string) => `config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends:
    local-path: { type: local-path, path: /opt/volumes, default: true }
    fast: { type: local-path, path: /opt/fast }
  cluster-storage:services:
    ${services}
`;

/** The first claim of the first service, of a config without faults. */
export function claim(services: string): ClaimPlan {
  const { plan, faults } = planOf(config(services));
  assert.deepEqual(faults, []);
  return plan.services[0]!.claims[0]!;
}
