import type { ResourceValidationPolicy } from "@pulumi/policy";
import { describe, podOf } from "../kubernetes";

/** A pod gets no variables of neighbouring Services. */
export const noServiceLinks: ResourceValidationPolicy = {
  name: "no-service-links",
  description:
    "Kubernetes puts a variable of each Service of the namespace into a pod unless told not to, and programs " +
    "take REDIS_PORT and the like for settings of theirs.",
  enforcementLevel: "mandatory",
  validateResource: (args, report) => {
    const pod = podOf(args);
    if (pod && pod.enableServiceLinks !== false)
      report(`${describe(args)}: its pods have enableServiceLinks on; set it to false`);
  },
};
