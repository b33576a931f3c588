import type { ResourceValidationPolicy } from "@pulumi/policy";
import { claimTemplatesOf, describe, autoNamed, type KubeObject, kindOf } from "../kubernetes";

interface Retention {
  persistentVolumeClaimRetentionPolicy?: { whenDeleted?: string; whenScaled?: string };
}

/** A claim is protected and has a name of its own. A StatefulSet doesn't delete the claims that it makes. */
export const protectedClaim: ResourceValidationPolicy = {
  name: "protected-claim",
  description:
    "A claim is protected from deletion, and its name is given: a name that Pulumi makes up changes with a " +
    "replacement, " +
    "which then starts on an empty volume.",
  enforcementLevel: "mandatory",
  validateResource: (args, report) => {
    const { props, opts, type } = args;
    if (kindOf(type) === "PersistentVolumeClaim") {
      if (!opts.protect) report(`${describe(args)} is not protected; set protect: true in its resource options`);
      if (autoNamed(props)) report(`${describe(args)} has no name of its own; set metadata.name`);
    }
    if (claimTemplatesOf(args).length === 0) return;
    const retention = (props as KubeObject<Retention>).spec?.persistentVolumeClaimRetentionPolicy;
    for (const when of ["whenDeleted", "whenScaled"] as const) {
      if (retention?.[when] === "Delete")
        report(`${describe(args)} deletes its claims (spec.persistentVolumeClaimRetentionPolicy.${when}); set Retain`);
    }
  },
};
