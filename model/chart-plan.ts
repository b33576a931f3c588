/** A Helm chart that a backend installs, and where it is fetched. Types only. */

export type Values = { [key: string]: unknown };

/**
 * Where a chart is fetched: a repository by its URL or by the name that `helm repo add` gave it, a registry (OCI), or a
 * directory or archive of this checkout.
 */
export type ChartSource =
  | { kind: "repository"; url: string }
  | { kind: "named"; name: string }
  | { kind: "registry"; reference: string }
  | { kind: "file"; path: string };

/** The keys of a backend's entry that say where a chart is fetched, such as `operatorChart`. */
export interface ChartKeys {
  version: string;
  repository: string;
  chart: string;
  values: string;
}

/** Definitions that a chart makes, and that it has to leave out where they are in the cluster and not its own. */
export interface LeftOut {
  /** Full names, such as `volumesnapshots.snapshot.storage.k8s.io`. */
  definitions: string[];
  /** The chart's values that leave them out. */
  values: Values;
}

/** A chart and what it is given. */
export interface ChartPlan {
  /** Name of the Helm release. */
  release: string;
  chart: string;
  source: ChartSource;
  /** The chart's official repository. */
  official: string;
  version: string;
  values: Values;
  keys: ChartKeys;
  leavesOut?: LeftOut[];
}
