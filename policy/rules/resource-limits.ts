import type { ResourceValidationPolicy } from "@pulumi/policy";
import { describe, isStateful, podOf } from "../kubernetes";

interface Settings {
  requests: string[];
  limits: string[];
}

/** A stateful workload states what it may use. */
export const resourceLimits: ResourceValidationPolicy = {
  name: "resource-limits",
  description:
    "A stateful workload states what it needs and its limits: without requests it is the first to be evicted, " +
    "without a memory limit it takes its neighbours down.",
  enforcementLevel: "mandatory",
  configSchema: {
    properties: {
      requests: {
        type: "array",
        items: { type: "string" },
        default: ["cpu", "memory"],
        description: "What has to be requested.",
      },
      limits: {
        type: "array",
        items: { type: "string" },
        default: ["memory"],
        description: "What has to be limited. No cpu by default: its limit throttles a database on an idle node.",
      },
    },
  },
  validateResource: (args, report) => {
    if (!isStateful(args)) return;
    const wanted = args.getConfig<Settings>();
    for (const { name, resources } of podOf(args)?.containers ?? []) {
      for (const kind of ["requests", "limits"] as const) {
        const missing = wanted[kind].filter((amount) => resources?.[kind]?.[amount] === undefined);
        if (missing.length > 0)
          report(`${describe(args)}: container ${name} has no ${missing.join(" and ")} in resources.${kind}`);
      }
    }
  },
};
