import { suggest } from "../model/nearest";
import { neededBy, type Placed } from "./network";
import type { Fault } from "../model/plan";

/** Services that need each other: there, running, and where a Secret is shared, in one namespace. */
export function checkRequirements(all: ReadonlyMap<string, Placed>, names: Iterable<string>): Fault[] {
  const known = [...names];
  return [...all.values()].flatMap((service) => [...checkNeeds(service, all), ...checkReaches(service, all, known)]);
}

function checkNeeds(service: Placed, all: ReadonlyMap<string, Placed>): Fault[] {
  const { spec, config, namespace } = service;
  const path = `services.${spec.name}`;
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
          path: `${path}.namespace`,
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
    const path = `services.${spec.name}.reaches[${i}]`;
    if (!known.includes(target)) return [{ path, message: `unknown service "${target}"; ${suggest(target, known)}` }];
    return all.has(target) ? [] : [{ path, message: `this stack doesn't have ${target}; add services.${target}` }];
  });
}
