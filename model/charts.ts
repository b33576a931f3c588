import type { ChartPlan, Values } from "./chart-plan";
import type { InstallPlan } from "./install-plan";
import type { CredentialPlan } from "./plan";

/** What a backend from Helm charts installs. Types only. */

/** An object of a kind that a chart brings. */
export interface CustomObject {
  apiVersion: string;
  kind: string;
  name: string;
  spec: Values;
}

/** What the Charts component is to install, each chart after the one before. */
export interface ChartsInstall extends InstallPlan {
  namespace: string;
  charts: ChartPlan[];
  /** Secrets and ConfigMaps of the namespace that have to be there before the charts. */
  secrets: { name: string; credentials: CredentialPlan[] }[];
  configs: { name: string; data: Record<string, string> }[];
  /** Objects that can be made only after the charts have installed their kinds. */
  objects: CustomObject[];
  /** Whether its removal would delete data. If so, it is protected and kept. */
  protect: boolean;
}
