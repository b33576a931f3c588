import type { CheckResult, GeneralCheck } from "../../model/backend";
import type { LimitRangeFacts, QuotaFacts } from "../../model/limit-facts";
import type { PlannedPod } from "../../model/planned-pod";
import { amount, canonical } from "../../model/quantity";
import { listed, results } from "../results";
import { amountText, containersOf, fill, isCounted, podAmount } from "./pod-amounts";

const { ok, error, unread } = results("pod-quotas");

/**
 * A quota that refuses pods, or has no room for them. The pods of all services of a namespace run at once; what others
 * use is left out, because the services' present pods are a part of it.
 */
export const podQuotas: GeneralCheck = {
  id: "pod-quotas",
  group: "namespaces",
  run({ facts: { quotas, limitRanges = [] }, pods }) {
    if (!quotas) return [unread("quotas")];
    const broken = quotas.flatMap((quota) => {
      const there = pods.filter(({ namespace }) => namespace === quota.namespace);
      const ranges = limitRanges.filter(({ namespace }) => namespace === quota.namespace);
      return Object.keys(quota.hard).flatMap((resource) => {
        const part = { quota, resource, pods: there, ranges };
        return silence(part) ?? overdraft(part) ?? tooMany(part) ?? [];
      });
    });
    return broken.length > 0 ? broken : [ok("no quota refuses a service's pod")];
  },
};

/** One resource of a quota, beside the pods and the limit ranges of its namespace. */
interface Part {
  quota: QuotaFacts;
  resource: string;
  pods: readonly PlannedPod[];
  ranges: readonly LimitRangeFacts[];
}

const edit = ({ namespace, name }: QuotaFacts) => `kubectl -n ${namespace} edit resourcequota ${name}`;

/** Of a quota's resource: whether it counts requests or limits, and of what; undefined where it counts other things. */
function counted(resource: string): { part: "request" | "limit"; kind: string } | undefined {
  const [, of, kind] = /^(?:(requests|limits)\.)?(cpu|memory|ephemeral-storage)$/.exec(resource) ?? [];
  return kind === undefined ? undefined : { part: of === "limits" ? "limit" : "request", kind };
}

/** What a container is given as its request that states neither that nor a limit: others' pods may be there too. */
const little: Record<string, string> = { cpu: "100m", memory: "64Mi" };

/** Pods with a container that states nothing of what the quota counts; the cluster refuses those, but of the disk. */
function silence({ quota, resource, pods, ranges }: Part): CheckResult[] | undefined {
  const what = counted(resource);
  if (!what || what.kind === "ephemeral-storage") return undefined;
  const { part, kind } = what;
  const silent = pods
    .filter((pod) => isCounted(pod, quota.scopes))
    .flatMap((pod) =>
      containersOf(pod)
        .filter((container) => fill(container, kind, ranges)[part] === undefined)
        .map(({ name }) => ({ pod, name, own: name === pod.service })),
    );
  if (silent.length === 0) return undefined;
  const names = silent.map(({ pod, name, own }) => (own ? name : `${name} of ${pod.what}`));
  const keys = silent.map(({ name }) => `cluster-storage:services.${name}.resources.${part}s.${kind}`);
  const asked = pods.flatMap((pod) => containersOf(pod).map(({ resources }) => resources?.requests?.[kind] ?? "0"));
  const most = asked.reduce((a, b) => (amount(a) < amount(b) ? b : a), "1");
  const limits = [
    { type: "Container", default: { [kind]: canonical(most) }, defaultRequest: { [kind]: little[kind] } },
  ];
  const metadata = { name: "defaults", namespace: quota.namespace };
  const range = JSON.stringify({ apiVersion: "v1", kind: "LimitRange", metadata, spec: { limits } });
  const byRange = `give the containers there a default: echo '${range}' | kubectl apply -f -`;
  return [
    error(
      `quota ${quota.namespace}/${quota.name} counts ${resource}, and the cluster refuses pods with containers that ` +
        `state none: ${listed(names)}`,
      `${silent.every(({ own }) => own) ? `set ${listed(keys)}, or ` : ""}${byRange}\nor take ${resource} out of the ` +
        `quota: ${edit(quota)}`,
    ),
  ];
}

/** More than the quota allows is asked for by the services' pods, which all run at once. */
function overdraft({ quota, resource, pods, ranges }: Part): CheckResult[] | undefined {
  const what = counted(resource);
  const one = resource === "pods" || resource === "count/pods";
  if (!what && !one) return undefined;
  const each = pods
    .filter((pod) => pod.service !== undefined && isCounted(pod, quota.scopes))
    .map((pod) => ({ service: pod.service, has: what ? podAmount(pod, what.part, what.kind, ranges) : 1 }))
    .filter(({ has }) => has > 0);
  const most = quota.hard[resource] ?? "0";
  // In doubles, tenths of a core don't add up to the last digit.
  if (each.reduce((sum, { has }) => sum + has, 0) <= amount(most) * (1 + 1e-9)) return undefined;
  const asked = each.map(({ service, has }) => `${service} ${what ? amountText(has, what.kind) : has}`);
  return [
    error(
      `quota ${quota.namespace}/${quota.name} allows ${most} of ${resource}, and the services' pods there ask for ` +
        `more together (${listed(asked)})`,
      `raise it (${edit(quota)}), or ask for less in the stack's config`,
    ),
  ];
}

/** Fewer workloads are allowed than the stack has there. */
function tooMany({ quota, resource, pods }: Part): CheckResult[] | undefined {
  const [, kind] = /^count\/(deployments|statefulsets)\.apps$/.exec(resource) ?? [];
  if (kind === undefined) return undefined;
  const made = pods.flatMap(({ madeBy }) =>
    madeBy && `${madeBy.manifest.kind.toLowerCase()}s` === kind ? madeBy.manifest.metadata.name : [],
  );
  const most = quota.hard[resource] ?? "0";
  if (made.length <= amount(most)) return undefined;
  return [
    error(
      `quota ${quota.namespace}/${quota.name} allows ${most} of ${resource}, and the stack has ${made.length} there ` +
        `(${listed(made)})`,
      `raise it (${edit(quota)}), or put services into other namespaces`,
    ),
  ];
}
