import type * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { flag, nonEmpty, record } from "../../config/fields";
import type { ChartsInstall, Values } from "../../model/charts";
import type { InstallPlan } from "../../model/install-plan";
import type { InstallArgs } from "../../model/installer";

/** Settings that every backend with a chart has. */
export const chartSettings = (version: string) => ({
  install: flag
    .default(true)
    .describe(
      "`false` where the driver is there already: another backend of this stack or somebody else installed it.",
    ),
  version: nonEmpty(`a version is for instance ${version}`).default(version).describe("Version of the chart."),
  values: record(z.unknown()).default({}).describe("Values of the chart that have no key here; they override ours."),
});

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

/** Merges `over` into `base`, key by key. A list is replaced as a whole, as Helm does it. */
export function mergeValues(base: Values, over: Values): Values {
  const merged = Object.entries(over).map(([key, value]) => [
    key,
    isValues(value) && isValues(base[key]) ? mergeValues(base[key], value) : value,
  ]);
  return { ...base, ...Object.fromEntries(merged) };
}

const isValues = (value: unknown): value is Values =>
  typeof value === "object" && value !== null && !Array.isArray(value);
