import { readCheckpoint } from "./checkpoint";
import type { StackOutputs } from "./outputs";
import { exportState, readOutputs, type Stack } from "./stack";
import type { Deployment, StateResource } from "./state";

/** The component that the state has of each service. */
const component = "cluster-storage:index:StatefulService";

/** Whether the state's resource is the component of that service. */
export const isService = ({ type, urn }: StateResource, service: string) =>
  type === component && nameIn(urn) === service;

const nameIn = (urn: string) => urn.split("::").at(-1) ?? "";

/** By service, the claims that it had after the last update: uids by `namespace/name`. */
export function knownClaims({ resources = [] }: Deployment): Map<string, Record<string, string>> {
  const services = resources.filter(({ type }) => type === component);
  return new Map(services.map(({ urn, outputs }) => [nameIn(urn), (outputs?.claims ?? {}) as Record<string, string>]));
}

/** The stack's outputs, with the claims that each service had after the last update. */
export async function readDeployed(stack: Stack): Promise<StackOutputs> {
  const [outputs, deployment] = await Promise.all([readOutputs(stack), readDeployment(stack)]);
  const known = knownClaims(deployment);
  const services = Object.entries(outputs.services).map(
    ([name, service]) => [name, { ...service, known: known.get(name) }] as const,
  );
  return { ...outputs, services: Object.fromEntries(services) };
}

/** A file backend is read without starting the CLI. */
async function readDeployment(stack: Stack): Promise<Deployment> {
  if (stack.backend !== undefined) {
    const checkpoint = await readCheckpoint(stack.backend, stack.project, stack.name);
    if (checkpoint.status === "readable") return checkpoint.deployment;
  }
  return (await exportState(stack)).deployment;
}
