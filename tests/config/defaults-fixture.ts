import assert from "node:assert/strict";
import { planOf } from "../stack";

/** A stack with defaults and these services. */
export const stack = (defaults: string, ...services: string[]) => `config:
  cluster-storage:cluster: { context: minikube, identifier: dev }
  cluster-storage:backends:
    local-path: { type: local-path, path: /opt/volumes, default: true }
  cluster-storage:defaults: ${defaults}
  cluster-storage:services:
    ${services.join("\n    ")}
`;
export const said = (defaults: string, ...services: string[]) =>
  planOf(stack(defaults, ...services)).faults.map(({ path, message }) => `${path}: ${message}`);
export const servicesOf = (defaults: string, ...services: string[]) => {
  const { plan, faults } = planOf(stack(defaults, ...services));
  assert.deepEqual(faults, []);
  return Object.fromEntries(plan.services.map((service) => [service.name, service]));
};
export const of = (name: string, settings = "") => `${name}: { size: 1Gi${settings && `, ${settings}`} }`;
