import { volumePath } from "../../model/config-path";
import { type Demand, demands } from "../claims";
import type { QuotaFacts } from "../../model/limit-facts";
import type { GeneralCheck } from "../../model/backend";
import { amount, formatBytes } from "../../model/quantity";
import { listed, results } from "../results";

const group = "namespaces";
const ofClass = ".storageclass.storage.k8s.io/";

export const quotas: GeneralCheck = {
  id: "quotas",
  group,
  run({ facts: { quotas: found, claims }, plan }) {
    const { ok, error, unread } = results(this.id);
    if (!found || !claims) return [unread(found ? "claims" : "quotas")];
    const wanted = demands(plan, claims);
    const broken = found.flatMap((quota) =>
      Object.keys(quota.hard).flatMap((resource) => {
        const { namespace, name } = quota;
        const over = overdraw(quota, resource, wanted);
        return over
          ? [
              error(
                `quota ${namespace}/${name} allows ${over.allows}, and the update asks for ${over.asks}`,
                `raise it (kubectl -n ${namespace} edit resourcequota ${name}), or ask for less in the stack's config`,
              ),
            ]
          : [];
      }),
    );
    return broken.length > 0 ? broken : [ok("no quota refuses a claim")];
  },
};

/** What a quota allows of a resource and what the stack asks for, if the stack asks for more. */
function overdraw(
  { namespace, hard, used }: QuotaFacts,
  resource: string,
  wanted: Demand[],
): { allows: string; asks: string } | undefined {
  const [className, what] = resource.includes(ofClass) ? resource.split(ofClass) : [undefined, resource];
  const asked = wanted.filter(
    (demand) => demand.volume.namespace === namespace && (className === undefined || demand.className === className),
  );
  const pieces = what === "persistentvolumeclaims" || what === "count/persistentvolumeclaims";
  if (!pieces && what !== "requests.storage") return undefined;
  const of = pieces ? asked.filter(({ isNew }) => isNew) : asked;
  const more = pieces ? of.length : of.reduce((sum, { bytes }) => sum + bytes, 0);
  const taken = amount(used[resource]);
  if (more === 0 || taken + more <= amount(hard[resource])) return undefined;
  const describe = pieces ? String : formatBytes;
  const names = listed(of.map(({ volume }) => volume.name));
  return {
    allows: `${hard[resource]} of ${resource} with ${describe(taken)} in use`,
    asks: `${describe(more)} more (${names})`,
  };
}

export const limitRanges: GeneralCheck = {
  id: "limit-ranges",
  group,
  run({ facts: { limitRanges: found, claims }, plan }) {
    const { ok, error, unread } = results(this.id);
    if (!found || !claims) return [unread(found ? "claims" : "limit ranges")];
    const wanted = demands(plan, claims);
    const broken = found
      .filter(({ type }) => type === "PersistentVolumeClaim")
      .flatMap(({ namespace, name, min, max }) =>
        wanted
          .filter(({ volume }) => volume.namespace === namespace)
          .flatMap(({ volume }) => {
            const [least, most] = [min.storage, max.storage];
            const wrong =
              most !== undefined && amount(volume.size) > amount(most)
                ? `at most ${most}`
                : least !== undefined && amount(volume.size) < amount(least)
                  ? `at least ${least}`
                  : undefined;
            return wrong
              ? [
                  error(
                    `limit range ${namespace}/${name} wants claims of ${wrong}, and ${volume.name} asks ` +
                      `for ${volume.size}`,
                    `set another size in cluster-storage:${volumePath(volume, "size")}, or ` +
                      `kubectl -n ${namespace} edit limitrange ${name}`,
                  ),
                ]
              : [];
          }),
      );
    return broken.length > 0 ? broken : [ok("no limit range refuses a claim")];
  },
};
