import { pathText } from "../model/config-path";
import { suggest } from "../model/nearest";
import { neededBy, type Placed } from "./network";
import type { Fault } from "../model/plan";

/** Whatever a service needs must be in the stack and run, and be in the same namespace where they share a Secret. */
export function checkRequirements(all: ReadonlyMap<string, Placed>, names: Iterable<string>): Fault[] {
  const known = [...names];
  return [...all.values()].flatMap((service) => [...checkNeeds(service, all), ...checkReaches(service, all, known)]);
}

function checkNeeds(service: Placed, all: ReadonlyMap<string, Placed>): Fault[] {
  const { spec, config, namespace } = service;
  const path = pathText(["services", spec.name]);
  if (!config.run) return [];
  return neededBy(service).flatMap((need): Fault[] => {
    const needed = all.get(need);
    const without = `or set run: false here, which keeps its data`;
    if (!needed)
      return [{ path, message: `needs ${need}, which this stack doesn't have; add services.${need}, ${without}` }];
    if (!needed.config.run) return [{ path, message: `needs ${need}, which has run: false; let it run, ${without}` }];
    if (spec.requires?.includes(need) && needed.namespace !== namespace) {
      return [
        {
          path: pathText(["services", spec.name, "namespace"]),
          message:
            `is ${namespace}, but the Secret of ${need} that it uses is in ${needed.namespace}; use the same ` +
            "namespace",
        },
      ];
    }
    return [];
  });
}

function checkReaches({ spec, config }: Placed, all: ReadonlyMap<string, Placed>, known: string[]): Fault[] {
  return config.reaches.flatMap((target, i): Fault[] => {
    const path = pathText(["services", spec.name, "reaches", i]);
    if (!known.includes(target)) return [{ path, message: `unknown service "${target}"; ${suggest(target, known)}` }];
    return all.has(target) ? [] : [{ path, message: `this stack doesn't have ${target}; add services.${target}` }];
  });
}
