import type { GeneralCheck } from "../../model/backend";
import { volumePath } from "../../model/config-path";
import type { ServicePlan, StoragePlan } from "../../model/plan";
import { amount } from "../../model/quantity";
import { type ContainerAmounts, ownAmounts } from "../../plan/pod-room";
import { listed, results } from "../results";

const group = "namespaces";
const kinds = ["cpu", "memory", "ephemeral-storage"];

const running = ({ services }: StoragePlan, namespace: string) =>
  services.filter((service) => service.run && service.namespace === namespace);

/** What a container has of a resource. Where it states no limit, the cluster may give it one. */
const stated = ({ requests, limits }: ContainerAmounts, kind: string) => limits[kind] ?? requests[kind];

/** Where the config says how much of a resource a service has; undefined where it can't. */
function wayDown({ name, claims }: ServicePlan, kind: string, part: keyof ContainerAmounts): string | undefined {
  const [directory] = claims.filter(({ ephemeral }) => ephemeral);
  if (kind !== "ephemeral-storage") return `cluster-storage:services.${name}.resources.${part}.${kind}`;
  return directory && `cluster-storage:${volumePath(directory, "size")}`;
}

const orEdit = (way: string | undefined, edit: string) => (way ? `set another value in ${way}, or ${edit}` : edit);

/** A pod that a limit range refuses is never made, and the old pod is gone by then. */
export const podLimitRanges: GeneralCheck = {
  id: "pod-limit-ranges",
  group,
  run({ facts: { limitRanges }, plan }) {
    const { ok, error, unread } = results(this.id);
    if (!limitRanges) return [unread("limit ranges")];
    const broken = limitRanges
      .filter(({ type }) => type === "Container" || type === "Pod")
      .flatMap(({ namespace, name, type, min, max }) =>
        running(plan, namespace).flatMap((service) =>
          kinds.flatMap((kind) => {
            const own = ownAmounts(service);
            const [most, least] = [stated(own, kind), own.requests[kind]];
            const [over, under] = [exceeds(most, max[kind]), exceeds(min[kind], least)];
            if (!over && !under) return [];
            const bound = over ? `at most ${max[kind]}` : `at least ${min[kind]}`;
            const way = wayDown(service, kind, over && own.limits[kind] !== undefined ? "limits" : "requests");
            return [
              error(
                `limit range ${namespace}/${name} wants each ${type.toLowerCase()} to have ${bound} of ${kind}, and ` +
                  `that of ${service.name} has ${over ? most : (least ?? "none")}`,
                orEdit(
                  over ? way : kind === "ephemeral-storage" ? undefined : way,
                  edit(namespace, "limitrange", name),
                ),
              ),
            ];
          }),
        ),
      );
    return broken.length > 0 ? broken : [ok("no limit range refuses a service's pod")];
  },
};

/** Whether the first amount is stated and more than the second, which is stated too. */
const exceeds = (most: string | undefined, bound: string | undefined) =>
  most !== undefined && bound !== undefined && amount(most) > amount(bound);

const edit = (namespace: string, kind: string, name: string) => `kubectl -n ${namespace} edit ${kind} ${name}`;

/**
 * A quota that has no room for a service's pod. The pods of all services of a namespace run at once; what others use is
 * left out, because the services' present pods are a part of it.
 */
export const podQuotas: GeneralCheck = {
  id: "pod-quotas",
  group,
  run({ facts: { quotas, limitRanges = [] }, plan }) {
    const { ok, error, unread } = results(this.id);
    if (!quotas) return [unread("quotas")];
    const filled = (namespace: string, kind: string) =>
      limitRanges.some(
        (range) =>
          range.type === "Container" &&
          range.namespace === namespace &&
          (range.max[kind] ?? range.defaults?.[kind]) !== undefined,
      );
    const broken = quotas
      .filter(({ scoped }) => !scoped)
      .flatMap(({ namespace, name, hard }) =>
        Object.entries(hard).flatMap(([resource, most]) => {
          const all = running(plan, namespace);
          const [, bare] = /^limits\.(cpu|memory)$/.exec(resource) ?? [];
          const silent = all.filter((service) => bare !== undefined && asked(service, resource) === undefined);
          if (bare !== undefined && silent.length > 0 && !filled(namespace, bare))
            return [
              error(
                `quota ${namespace}/${name} counts ${resource}, and the cluster refuses pods that state none there: ` +
                  `those of ${listed(silent.map((service) => service.name))}`,
                `give namespace ${namespace} a limit range with a default of ${bare} for containers, or take ` +
                  `${resource} out of the quota (${edit(namespace, "resourcequota", name)})`,
              ),
            ];
          const services = all.filter((service) => (asked(service, resource) ?? "0") !== "0");
          const sum = services.reduce((all, service) => all + amount(asked(service, resource)), 0);
          if (sum <= amount(most)) return [];
          const pods = services.map((service) => `${service.name} ${asked(service, resource)}`);
          return [
            error(
              `quota ${namespace}/${name} allows ${most} of ${resource}, and the services' pods there ask for more ` +
                `together (${listed(pods)})`,
              `raise it (${edit(namespace, "resourcequota", name)}), or ask for less in the stack's config`,
            ),
          ];
        }),
      );
    return broken.length > 0 ? broken : [ok("no quota refuses a service's pod")];
  },
};

/** What a service's pod asks for of a quota's resource; undefined where the quota counts something else. */
function asked(service: ServicePlan, resource: string): string | undefined {
  if (resource === "pods" || resource === "count/pods") return "1";
  const [, part = "requests", kind = ""] =
    /^(?:(requests|limits)\.)?(cpu|memory|ephemeral-storage)$/.exec(resource) ?? [];
  return ownAmounts(service)[part as keyof ContainerAmounts][kind];
}
