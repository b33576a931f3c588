import { credentialName } from "../../model/credential-name";
import type { ServicePlan } from "../../model/plan";
import { recordAdopted } from "../adopt/record";
import type { Planned } from "../adopt/types";
import { secret } from "../pulumi/secret-mark";
import type { StateExport, StateResource } from "../pulumi/state";

const passwordType = "random:index/randomPassword:RandomPassword";

export interface GivenValue {
  /** The value's name in the state. */
  name: string;
  value: string;
}

/** The names in the state of the values that a service's Secret has by these keys. Fixed ones are in no state. */
export const valueNames = ({ name, credentials }: Pick<ServicePlan, "name" | "credentials">) =>
  credentials.flatMap(({ key, value, generation = 1 }) =>
    value === undefined ? [{ key, name: credentialName(name, key, generation) }] : [],
  );

const nameOf = ({ type, urn }: Pick<StateResource, "type" | "urn">) =>
  type === passwordType ? urn.split("::").at(-1) : undefined;

/** The names of the generated values that a state has. */
export const namesIn = ({ deployment: { resources = [] } }: StateExport): string[] =>
  resources.flatMap((resource) => nameOf(resource) ?? []);

/**
 * The state with these values in place of what the next update would generate, or has generated for nothing. `planned`:
 * what a preview would create. Pure but for new ids.
 */
export function withValues(
  state: StateExport,
  planned: readonly Planned[],
  values: readonly GivenValue[],
  stack: string,
): StateExport {
  const valueOf = new Map(values.map(({ name, value }) => [name, value]));
  const resources = (state.deployment.resources ?? []).map((resource) => {
    const value = valueOf.get(nameOf(resource) ?? "");
    return value === undefined ? resource : { ...resource, outputs: { ...resource.outputs, result: secret(value) } };
  });
  const known = namesIn(state);
  const missing = planned.flatMap((resource) => {
    const name = nameOf(resource);
    const value = valueOf.get(name ?? "");
    return name === undefined || value === undefined || known.includes(name) ? [] : [{ urn: resource.urn, value }];
  });
  const credentials = missing.map((each) => ({ ...each, from: "a point" }));
  return recordAdopted({ ...state, deployment: { ...state.deployment, resources } }, planned, [], credentials, stack);
}
