import type { CheckResult, GeneralCheck } from "../../model/backend";
import type { ChartPlan, ChartSource } from "../../model/chart-plan";
import { pathText } from "../../model/config-path";
import type { ChartFound } from "../../model/preflight-facts";
import { results } from "../results";

/**
 * Whether the charts can be fetched. The provider fetches each one at every preview and update, also where nothing
 * changes, and would fail by itself after a while, without the keys that help.
 */
export const chartSources: GeneralCheck = {
  id: "chart-source",
  group: "charts",
  run({ facts, plan }) {
    return plan.backends.flatMap(({ name, install }) =>
      (install?.charts ?? []).flatMap((chart) => {
        const answer = facts.charts?.find(({ backend, release }) => backend === name && release === chart.release);
        return answer ? [judge(name, chart, answer.found)] : [];
      }),
    );
  },
};

function judge(backend: string, chart: ChartPlan, found: ChartFound): CheckResult {
  const { ok, error, unknown } = results(chartSources.id);
  const key = (name: keyof ChartPlan["keys"]) => `cluster-storage:${pathText(["backends", backend, chart.keys[name]])}`;
  const { source } = chart;
  const what = `${chart.chart} ${chart.version}`;
  switch (found.is) {
    case "there":
      return ok(`the chart ${what} is fetched from ${place(source)}, which answers`);
    case "unknown":
      return unknown(`it isn't known whether ${place(source)} has the chart ${what}: ${found.why}`);
    case "file":
      return found.name === chart.chart && plainVersion(found.version) === plainVersion(chart.version)
        ? ok(`the chart ${what} is in ${place(source)}`)
        : error(
            `${place(source)} is the chart ${found.name} ${found.version}, and backend ${backend} wants ${what}`,
            [
              found.name === chart.chart
                ? `set ${key("version")}: ${found.version}, or fetch the other one: ${pull(chart)}`
                : `fetch the right one: ${pull(chart)}`,
            ].join(""),
          );
    case "fault":
      return error(
        `${place(source)}, from which backend ${backend} fetches the chart ${what} at each preview and update, ` +
          found.why,
        source.kind === "file"
          ? `fetch it: ${pull(chart)}`
          : `name another repository in ${key("repository")} or in cluster-storage:charts.mirror, or the chart's ` +
              `own archive in ${key("chart")}: docs/charts.md`,
      );
  }
}

/** Versions may have a `v` in front, which makes no difference to Helm. */
const plainVersion = (version: string) => version.replace(/^v/, "");

function place(source: ChartSource): string {
  switch (source.kind) {
    case "repository":
      return source.url;
    case "named":
      return `the repository ${source.name}`;
    case "registry":
      return source.reference;
    case "file":
      return source.path;
  }
}

/** Fetches the chart as an archive. The repository is the official one, which is only known to the backend. */
const pull = ({ chart, version, official }: ChartPlan) => `helm pull ${chart} --repo ${official} --version ${version}`;
