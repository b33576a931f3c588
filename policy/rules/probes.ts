import type { ResourceValidationPolicy } from "@pulumi/policy";
import { isStateful, podOf, runningContainers } from "../kubernetes";
import { objectsOf } from "../objects";

/** A stateful workload says when it is ready. */
export const probes: ResourceValidationPolicy = {
  name: "probes",
  description:
    "A stateful workload has a readiness probe: without one it counts as ready while it still recovers its " +
    "files, and an update goes on over it.",
  enforcementLevel: "mandatory",
  configSchema: {
    properties: {
      liveness: {
        type: "boolean",
        default: false,
        description:
          "Ask for a liveness probe too. Not by default: one that is too strict kills a database in the " +
          "middle of its recovery.",
      },
    },
  },
  validateResource: (args, report) => {
    const { liveness } = args.getConfig<{ liveness: boolean }>();
    for (const object of objectsOf(args).filter(isStateful)) {
      // A patch that says nothing of a probe leaves it as it is; null takes it away.
      const missing = (probe: object | null | undefined) => (object.patch ? probe === null : !probe);
      for (const { name, readinessProbe, livenessProbe } of runningContainers(podOf(object) ?? {})) {
        if (missing(readinessProbe)) report(`${object.what}: container ${name} has no readinessProbe`);
        if (liveness && missing(livenessProbe)) report(`${object.what}: container ${name} has no livenessProbe`);
      }
    }
  },
};
