import type { ResourceValidationPolicy } from "@pulumi/policy";
import { describe, isStateful, podOf } from "../kubernetes";

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
    if (!isStateful(args)) return;
    const { liveness } = args.getConfig<{ liveness: boolean }>();
    for (const { name, readinessProbe, livenessProbe } of podOf(args)?.containers ?? []) {
      if (!readinessProbe) report(`${describe(args)}: container ${name} has no readinessProbe`);
      if (liveness && !livenessProbe) report(`${describe(args)}: container ${name} has no livenessProbe`);
    }
  },
};
