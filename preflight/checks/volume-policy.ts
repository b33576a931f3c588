import type { GeneralCheck } from "../../model/backend";
import type { StoragePlan } from "../../model/plan";
import { volumesOf } from "../../plan/claims";
import { defaultClass } from "../claims";
import { endangered, otherPolicy, outliving } from "../policies";
import { results } from "../results";

/**
 * A volume keeps the reclaim policy that it was made with. After an edit of the class's policy, or a release that was
 * refused half-way, the claim's deletion costs data though the config says that it doesn't.
 */
export const volumePolicy: GeneralCheck = {
  id: "volume-policy",
  group: "classes",
  run({ facts: { claims, volumes, classes = [] }, plan }) {
    const { ok, warning, unread } = results(this.id);
    if (!claims) return [unread("PersistentVolumeClaims")];
    if (!volumes) return [unread("PersistentVolumes")];
    const policies = new Map([
      ...classes.map(({ name, reclaimPolicy }) => [name, reclaimPolicy] as const),
      ...plannedClasses(plan).map(({ name, reclaimPolicy }) => [name, reclaimPolicy] as const),
    ]);
    const others = volumesOf(plan.services.flatMap((service) => service.claims)).flatMap((planned) => {
      const claim = claims.find(({ name, namespace }) => name === planned.name && namespace === planned.namespace);
      const className = planned.className ?? defaultClass(plan);
      return (claim && otherPolicy(claim, volumes, className, policies.get(className))) ?? [];
    });
    const warnings = endangered(others).map(({ title, wayOut }) => warning(title, wayOut));
    if (warnings.length > 0) return warnings;
    return [ok(outliving(others) ?? "each volume has the reclaim policy that its class says")];
  },
};

const plannedClasses = (plan: StoragePlan) => plan.backends.flatMap(({ classes }) => classes);
