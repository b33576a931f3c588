import { pathText } from "../model/config-path";
import type { ServiceConfig } from "../model/config";
import type { Resources } from "../model/container";
import type { Fault } from "../model/plan";
import { amount } from "../model/quantity";
import type { Placed } from "./network";

/** The catalogue's amounts, overridden by those in the config. */
export function mergeResources(spec: Resources, config: ServiceConfig["resources"]): Resources {
  return { requests: { ...spec.requests, ...config?.requests }, limits: { ...spec.limits, ...config?.limits } };
}

/** Kubernetes refuses limits below requests too, but so late that the old pod may already be gone. */
export function checkResources({ spec, config }: Placed): Fault[] {
  const { requests, limits } = mergeResources(spec.resources, config.resources);
  const kinds = [
    { kind: "memory", what: "memory", at: [] },
    { kind: "cpu", what: "CPU", at: ["limits", "cpu"] },
  ] as const;
  return kinds.flatMap(({ kind, what, at }) => {
    const [request, limit] = [requests[kind], limits[kind]];
    if (request === undefined || limit === undefined || amount(request) <= amount(limit)) return [];
    return [
      {
        path: pathText(["services", spec.name, "resources", ...at]),
        message: `the ${what} limit ${limit} is below the request ${request}; raise the limit or lower the request`,
      },
    ];
  });
}
