import { credentialName } from "../../model/credential-name";
import type { ServiceSpec } from "../../model/service-spec";
import { shortPoint } from "../../model/restore";
import { UserError } from "../../model/user-error";
import type { StateExport } from "../pulumi/state";
import type { Filling } from "./to-fill";
import { valueNames, type GivenValue } from "./values";

/** What a point has of its service's Secret, by key. */
export interface PointValues extends Filling {
  values: Readonly<Record<string, string>>;
}

/** What a stack's state has by now. */
export interface StateFacts {
  /** Its generated values, by their names. */
  values: ReadonlyMap<string, string>;
  /** Whether it has a workload of the service: then the service was started with these values. */
  hasStarted: (service: Filling["service"]) => boolean;
}

export interface ChosenValues {
  /** Values of points that the state gets. */
  brought: GivenValue[];
  /** Names of the state's values that they take the place of. */
  replaced: string[];
  /** For people: values of its own that the state keeps although a point has others. */
  kept: string[];
}

/**
 * Which values of the points a state gets. A value that was given anew since the point was made stays, because the
 * service's data is given it at the next start. Throws a UserError where the state has another key than the point,
 * which nothing can change in the data, and the service was started with it.
 */
export function chooseValues(
  points: readonly PointValues[],
  state: StateFacts,
  specs: ReadonlyMap<string, ServiceSpec>,
): ChosenValues {
  const chosen: ChosenValues = { brought: [], replaced: [], kept: [] };
  for (const { service, point, values } of points)
    for (const { key, name } of valueNames(service)) {
      const [value, own] = [values[key], state.values.get(name)];
      if (value === undefined || own === value) continue;
      const of = specs.get(service.name)?.secrets?.find((secret) => secret.key === key);
      const started = state.hasStarted(service);
      if (own !== undefined && started && of?.unchangeable !== undefined) throw otherKey(service.name, key, point.id);
      const earlier = hadEarlier(service, key, value, state);
      if (own !== undefined && (earlier || (started && !of?.boundToData))) {
        const why = earlier ? "was given anew since" : "is the one that it was started with last";
        chosen.kept.push(`the ${key} of ${service.name} stays the state's own, not that of its point: it ${why}`);
        continue;
      }
      chosen.brought.push({ name, value });
      if (own !== undefined) chosen.replaced.push(name);
    }
  return chosen;
}

/** Whether a point's value is one that the state has from before the value in use. */
function hadEarlier({ name, credentials }: Filling["service"], key: string, value: string, { values }: StateFacts) {
  const { generation = 1 } = credentials.find((each) => each.key === key) ?? {};
  const names = Array.from({ length: generation - 1 }, (_, i) => credentialName(name, key, i + 1));
  return names.some((each) => values.get(each) === value);
}

const otherKey = (service: string, key: string, point: string) =>
  new UserError(
    `point ${shortPoint(point)} was made with another ${key} than the stack's state has, and ${service} was started ` +
      `with the state's: ${service} could not read the point's data with it, nor its other volumes and points with ` +
      "the point's. Bring back the state that has the point's (pulumi stack import --file FILE), then run the same " +
      "command again. Nothing was changed, and no service was started",
  );

const workloads = ["kubernetes:apps/v1:Deployment", "kubernetes:apps/v1:StatefulSet"];

/** Whether a state has the workload of a service. */
export const startedIn =
  ({ deployment: { resources = [] } }: StateExport) =>
  ({ name, namespace }: Pick<Filling["service"], "name" | "namespace">): boolean =>
    resources.some(({ type, inputs }) => {
      const metadata = (inputs?.metadata ?? {}) as { name?: string; namespace?: string };
      return workloads.includes(type) && metadata.name === name && metadata.namespace === namespace;
    });
