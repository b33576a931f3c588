import type { ResourceValidationPolicy } from "@pulumi/policy";
import { autoNamed } from "../kubernetes";
import { objectsOf } from "../objects";

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
    for (const { kind, patch, what, protect, props } of objectsOf<Retention>(args)) {
      // A patch that goes leaves the claim that it patched.
      if (kind === "PersistentVolumeClaim" && !patch) {
        if (!protect) report(`${what} is not protected; set protect: true in its resource options`);
        if (autoNamed(props)) report(`${what} has no name of its own; set metadata.name`);
      }
      const retention = kind === "StatefulSet" ? props.spec?.persistentVolumeClaimRetentionPolicy : undefined;
      for (const when of ["whenDeleted", "whenScaled"] as const) {
        if (retention?.[when] === "Delete")
          report(`${what} deletes its claims (spec.persistentVolumeClaimRetentionPolicy.${when}); set Retain`);
      }
    }
  },
};
