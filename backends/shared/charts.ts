import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { chart, repository } from "../../config/charts";
import { flag, nonEmpty, record } from "../../config/fields";
import { nodePath } from "../../config/forms";
import type { BackendDefaults } from "../../model/backend";
import type { ChartKeys, ChartPlan, LeftOut, Values } from "../../model/chart-plan";
import type { ChartsInstall } from "../../model/charts";
import type { InstallPlan } from "../../model/install-plan";
import type { InstallArgs } from "../../model/installer";
import { mergeValues } from "../../model/merge-values";
import { chartSource, type SourceConfig } from "./chart-source";

const valuesForm = record(z.unknown()).default({});

/** Settings of one chart. `of`: what it is in the backend, such as `operator`; "" for the backend's main chart. */
export const oneChart = (of: string) => ({
  chart: chart.optional().meta({
    description:
      `The ${of === "" ? "" : `${of}'s `}chart itself: \`oci://HOST/PATH/NAME\`, or a directory or \`.tgz\` of the ` +
      "checkout (docs/charts.md).",
    otherwise: "from its repository",
  }),
  values: valuesForm.describe(
    `Values of the ${of === "" ? "" : `${of}'s `}chart that have no key here; they override ours.`,
  ),
});

/** The repository that a backend's charts are fetched from. */
export const chartRepository = (official: string) =>
  repository.optional().meta({
    description: "Where charts are fetched: `https://…`, `oci://…`, a name of `helm repo add`, or a directory.",
    otherwise: `the stack's mirror, else \`${official}\``,
  });

/** Settings that every backend with a chart has. `official`: the chart's own repository. */
export const chartSettings = (version: string, official: string) => ({
  install: flag
    .default(true)
    .describe(
      "`false` where the driver is there already: another backend of this stack or somebody else installed it.",
    ),
  version: nonEmpty(`a version is for instance ${version}`).default(version).describe("Version of the chart."),
  repository: chartRepository(official),
  ...oneChart(""),
  kubeletDirectory: nodePath.optional().meta({
    description: "Directory in which the nodes' kubelets keep their files, for this driver.",
    otherwise: "`cluster.kubeletDirectory`",
  }),
});

/** The keys of a backend's main chart. */
export const mainKeys: ChartKeys = { version: "version", repository: "repository", chart: "chart", values: "values" };

export interface ChartConfig extends SourceConfig {
  version: string;
  values: Values;
}

interface ChartSpec {
  chart: string;
  /** Default: the chart's name. */
  release?: string;
  official: string;
  /** What this program gives the chart, before the user's values. */
  ours: Values;
  keys?: ChartKeys;
  leavesOut?: LeftOut[];
}

/** A chart as the config wants it. */
export function planChart(
  { chart, release = chart, official, ours, keys = mainKeys, leavesOut }: ChartSpec,
  config: ChartConfig,
  { mirror }: BackendDefaults,
): ChartPlan {
  return {
    release,
    chart,
    official,
    source: chartSource(chart, config.version, official, config, mirror),
    version: config.version,
    values: mergeValues(ours, config.values),
    keys,
    ...(leavesOut && { leavesOut }),
  };
}

/** The directory of the kubelets: the backend's own key, else the stack's; undefined for the charts' default. */
export const kubeletDirectory = (config: { kubeletDirectory?: string }, defaults: BackendDefaults) =>
  config.kubeletDirectory ?? defaults.kubeletDirectory;

/** The kinds of objects that a chart with a CSI driver makes. */
const makes: InstallPlan["makes"] = {
  cluster: {
    "rbac.authorization.k8s.io": ["clusterroles", "clusterrolebindings"],
    apps: ["daemonsets"],
    "storage.k8s.io": ["csidrivers"],
    "apiextensions.k8s.io": ["customresourcedefinitions"],
  },
  namespace: {
    "": ["configmaps", "serviceaccounts", "secrets", "services"],
    apps: ["deployments"],
    "networking.k8s.io": ["networkpolicies"],
    "rbac.authorization.k8s.io": ["roles", "rolebindings"],
  },
};

/** Charts to install. By default there are no Secrets, no ConfigMaps and no objects of the charts' kinds with them. */
export function chartsInstall(
  install: Pick<ChartsInstall, "namespace" | "charts" | "protect"> & Partial<ChartsInstall>,
): ChartsInstall {
  return { makes, secrets: [], configs: [], objects: [], ...install };
}

/** Installs a backend's charts. The component is loaded only when a stack uses such a backend. */
export function createCharts(
  name: string,
  args: InstallArgs<ChartsInstall>,
  opts: pulumi.ComponentResourceOptions,
): pulumi.Resource {
  const { Charts } = require("../../components/charts") as typeof import("../../components/charts");
  return new Charts(name, args, opts);
}
