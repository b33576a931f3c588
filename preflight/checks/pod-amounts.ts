import type { LimitRangeFacts, QuotaScope } from "../../model/limit-facts";
import type { PlannedContainer, PlannedPod } from "../../model/planned-pod";
import { amount, canonical } from "../../model/quantity";

/** What a container has of one resource once the namespace's limit ranges have filled in what it leaves out. */
export interface Filled {
  container: PlannedContainer;
  request?: string;
  limit?: string;
}

export const containersOf = ({ spec: { initContainers = [], containers } }: PlannedPod): PlannedContainer[] => [
  ...initContainers,
  ...containers,
];

/** As the API server does it: it takes a limit for the request first, and a limit range's values after that. */
export function fill(container: PlannedContainer, kind: string, ranges: readonly LimitRangeFacts[]): Filled {
  const { requests = {}, limits = {} } = container.resources ?? {};
  const from = (values: "defaults" | "defaultRequests") =>
    ranges.filter(({ type }) => type === "Container").find((range) => range[values]?.[kind] !== undefined)?.[values]?.[
      kind
    ];
  const limit = limits[kind] ?? from("defaults");
  const request = requests[kind] ?? limits[kind] ?? from("defaultRequests");
  return { container, ...(request !== undefined && { request }), ...(limit !== undefined && { limit }) };
}

/** What a pod counts as: its containers together, or the largest of those that run before them. */
export function podAmount(
  { spec: { initContainers = [], containers } }: PlannedPod,
  part: "request" | "limit",
  kind: string,
  ranges: readonly LimitRangeFacts[],
): number {
  const of = (container: PlannedContainer) => amount(fill(container, kind, ranges)[part]);
  const together = containers.reduce((sum, container) => sum + of(container), 0);
  return Math.max(together, ...initContainers.map(of));
}

/** Such an amount as Kubernetes writes it: cores of `cpu`, and bytes of anything else. */
export const amountText = (value: number, kind: string): string =>
  canonical(kind === "cpu" ? `${Math.round(value * 1000)}m` : `${value / 1024}Ki`);

/** Whether a quota with these scopes counts a pod: kubernetes.io/docs/concepts/policy/resource-quotas/#quota-scopes. */
export const isCounted = (pod: PlannedPod, scopes: readonly QuotaScope[] = []): boolean =>
  scopes.every((scope) => fits(pod, scope));

function fits({ spec }: PlannedPod, { scope, operator, values }: QuotaScope): boolean {
  if (scope === "Terminating") return spec.activeDeadlineSeconds !== undefined;
  if (scope === "NotTerminating") return spec.activeDeadlineSeconds === undefined;
  // Every container of ours asks for something.
  if (scope === "BestEffort") return false;
  if (scope === "NotBestEffort") return true;
  // Of others, such as CrossNamespacePodAffinity, nothing is known.
  if (scope !== "PriorityClass") return false;
  const name = spec.priorityClassName;
  if (operator === "Exists") return name !== undefined;
  if (operator === "DoesNotExist") return name === undefined;
  return operator === "In" ? values.includes(name ?? "") : name !== undefined && !values.includes(name);
}
