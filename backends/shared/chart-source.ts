import { basename } from "node:path";
import type { ChartKeys, ChartSource } from "../../model/chart-plan";
import type { Fault } from "../../model/plan";

/** Where the config says that a chart is fetched; a value that is absent was not set. */
export interface SourceConfig {
  repository?: string;
  chart?: string;
}

/**
 * Where a chart is fetched. The backend's `chart` wins over its `repository`, that over the mirror, and that over
 * the `official` repository.
 */
export function chartSource(
  name: string,
  version: string,
  official: string,
  config: SourceConfig,
  mirror?: string,
): ChartSource {
  const { chart, repository = mirror ?? official } = config;
  if (chart !== undefined)
    return chart.startsWith("oci://") ? { kind: "registry", reference: chart } : { kind: "file", path: chart };
  const place = repository.replace(/\/+$/, "");
  if (place.startsWith("oci://")) return { kind: "registry", reference: `${place}/${name}` };
  if (/^https?:\/\//.test(place)) return { kind: "repository", url: place };
  return place.startsWith(".")
    ? { kind: "file", path: `${place}/${name}-${version}.tgz` }
    : { kind: "named", name: place };
}

/** What can be said of a `chart` without looking: its last part has to be the chart's name. */
export function sourceFaults(name: string, { repository, chart }: SourceConfig, keys: ChartKeys): Fault[] {
  if (chart === undefined) return [];
  if (repository !== undefined)
    return [
      {
        path: keys.repository,
        message: `and ${keys.chart} are both set, and both say where the chart is fetched; keep one of the two`,
      },
    ];
  const last = basename(chart);
  const fits = last === name || (last.startsWith(`${name}-`) && last.endsWith(".tgz"));
  if (fits) return [];
  return [
    {
      path: keys.chart,
      message:
        `"${chart}" is not named as the chart ${name} is: a directory and an OCI address end with ${name}, and an ` +
        `archive with ${name}-VERSION.tgz`,
    },
  ];
}
