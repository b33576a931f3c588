import type { ChartPlan, LeftOut } from "../model/chart-plan";
import type { InstallPlan } from "../model/install-plan";
import { mergeValues } from "../model/merge-values";
import type { BackendPlan } from "../model/storage";

/** The releases of the cluster's definitions by name; undefined where they could not be read. */
export type Releases = Readonly<Record<string, string>> | undefined;

/** A chart in the namespace of its release. */
export interface Installed {
  chart: ChartPlan;
  namespace: string;
}

/** Which of a chart's definitions are in the cluster and belong to no release, or to another one. */
export const foreignDefinitions = ({ chart, namespace }: Installed, { definitions }: LeftOut, releases: Releases) =>
  definitions.filter((name) => releases?.[name] !== undefined && releases[name] !== `${namespace}/${chart.release}`);

/**
 * The backends, whose charts leave out what others have made: Helm takes no object into a release that isn't its own.
 * Only the owner in the cluster decides, so it comes out the same at each run: a definition that the release has made
 * stays in it. Where the definitions can't be read, charts leave nothing out, and nothing is deleted.
 */
export const withoutForeign = (backends: BackendPlan[], releases: Releases): BackendPlan[] =>
  backends.map((backend) =>
    backend.install?.charts ? { ...backend, install: leaveOut(backend.install, releases) } : backend,
  );

function leaveOut(install: InstallPlan, releases: Releases): InstallPlan {
  const { namespace = "", charts = [] } = install;
  return {
    ...install,
    charts: charts.map((chart) => ({
      ...chart,
      values: (chart.leavesOut ?? [])
        .filter((one) => foreignDefinitions({ chart, namespace }, one, releases).length > 0)
        .reduce((values, one) => mergeValues(values, one.values), chart.values),
    })),
  };
}

/** Whether the plan depends on which definitions the cluster has. */
export const asksForDefinitions = ({ backends }: { backends: BackendPlan[] }): boolean =>
  backends.some(({ install }) => install?.charts?.some(({ leavesOut = [] }) => leavesOut.length > 0));
