import type { ResourceValidationPolicy } from "@pulumi/policy";
import { isStateful, podOf, runningContainers } from "../kubernetes";
import { objectsOf } from "../objects";

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
    const wanted = args.getConfig<Settings>();
    for (const object of objectsOf(args).filter(isStateful)) {
      for (const { name, resources } of runningContainers(podOf(object) ?? {})) {
        for (const kind of ["requests", "limits"] as const) {
          const missing = wanted[kind].filter((amount) => isMissing(resources?.[kind]?.[amount], object.patch));
          if (missing.length > 0)
            report(`${object.what}: container ${name} has no ${missing.join(" and ")} in resources.${kind}`);
        }
      }
    }
  },
};

/** A patch leaves what it doesn't name as it is. Zero is none, whichever way it is said. */
function isMissing(amount: string | number | null | undefined, patch: boolean): boolean {
  return amount === undefined ? !patch : amount === null || /^[+-]?0*\.?0*([a-z]|$)/i.test(String(amount));
}
