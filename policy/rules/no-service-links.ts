import type { ResourceValidationPolicy } from "@pulumi/policy";
import { podOf } from "../kubernetes";
import { objectsOf } from "../objects";

/** A pod gets no variables of neighbouring Services. */
export const noServiceLinks: ResourceValidationPolicy = {
  name: "no-service-links",
  description:
    "Kubernetes puts a variable of each Service of the namespace into a pod unless told not to, and programs " +
    "take REDIS_PORT and the like for settings of theirs.",
  enforcementLevel: "mandatory",
  validateResource: (args, report) => {
    for (const object of objectsOf(args)) {
      const pod = podOf(object);
      const left = object.patch && pod?.enableServiceLinks === undefined;
      if (pod && !left && pod.enableServiceLinks !== false)
        report(`${object.what}: its pods have enableServiceLinks on; set it to false`);
    }
  },
};
