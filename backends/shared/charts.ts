import { z } from "zod";
import { flag, nonEmpty } from "../../config/fields";
import type { CredentialPlan } from "../../model/plan";

export type Values = { [key: string]: unknown };

/** A chart and what it is given. */
export interface ChartPlan {
  /** Name of the Helm release. */
  release: string;
  chart: string;
  repository: string;
  version: string;
  values: Values;
}

/** An object of a kind that a chart brings. */
export interface CustomObject {
  apiVersion: string;
  kind: string;
  name: string;
  spec: Values;
}

/** What the Charts component is to install, each chart after the one before. */
export interface ChartsInstall {
  namespace: string;
  charts: ChartPlan[];
  /** Secrets and ConfigMaps of the namespace that have to be there before the charts. */
  secrets: { name: string; credentials: CredentialPlan[] }[];
  configs: { name: string; data: Record<string, string> }[];
  /** What can be made only once the charts brought its kind. */
  objects: CustomObject[];
  /** Whether taking it away takes data away, so that it is protected and kept. */
  protect: boolean;
}

/** Settings that every backend with a chart has. */
export const chartSettings = (version: string) => ({
  /** false where the driver is there already: another backend of this stack or somebody else installed it. */
  install: flag.default(true),
  version: nonEmpty(`a version is for instance ${version}`).default(version),
  /** The chart's values that differ from ours, for what has no key here. */
  values: z.record(z.string(), z.unknown()).default({}),
});

/** `over` laid over `base`, key by key; lists are replaced whole, as Helm does. */
export function mergeValues(base: Values, over: Values): Values {
  const merged = Object.entries(over).map(([key, value]) => [
    key,
    isValues(value) && isValues(base[key]) ? mergeValues(base[key], value) : value,
  ]);
  return { ...base, ...Object.fromEntries(merged) };
}

const isValues = (value: unknown): value is Values =>
  typeof value === "object" && value !== null && !Array.isArray(value);
