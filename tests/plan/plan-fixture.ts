import assert from "node:assert/strict";
import type { ServicePlan } from "../../model/plan";
import { planOf } from "../stack";

const header = `config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
`;
const localPath =
  "  cluster-storage:backends: { local-path: { type: local-path, path: /opt/volumes, default: true } }\n";

/** The plan of these services on one local-path backend, or on others; without faults. */
export function plan(services: string, backends = localPath) {
  const { plan, faults } = planOf(`${header}${backends}  cluster-storage:services:\n${services}`);
  assert.deepEqual(faults, []);
  return plan;
}

/** One service of that plan. */
export function service(services: string, name: string): ServicePlan {
  return plan(services).services.find((service) => service.name === name)!;
}
