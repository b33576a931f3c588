import { chooseBackups, type BackedUpService } from "../backup/decide";
import type { StackOutputs } from "../pulumi/outputs";

/** The services and those with a backup that they start on, which have to be restored beside them. */
export function withNeeded(chosen: readonly BackedUpService[], services: StackOutputs["services"]): BackedUpService[] {
  const names = new Set<string>();
  const add = (name: string) => {
    if (names.has(name) || services[name]?.backup === undefined) return;
    names.add(name);
    services[name].needs.forEach(add);
  };
  for (const [name] of chosen) add(name);
  return chooseBackups(services, [...names]);
}

/** The services in an order in which those come first that others start on: these wait for them. */
export const neededFirst = (services: readonly BackedUpService[]): BackedUpService[] => {
  const callers = ([name]: BackedUpService) => services.filter(([, { needs }]) => needs.includes(name)).length;
  return services.toSorted((a, b) => callers(b) - callers(a));
};

/** Why a service can't be started in a drill of these services; undefined where nothing is known against it. */
export function missingNeed(
  [name, { needs }]: BackedUpService,
  drilled: readonly BackedUpService[],
): string | undefined {
  const missing = needs.find((other) => !drilled.some(([each]) => each === other));
  if (missing === undefined) return undefined;
  return (
    `it starts on ${missing}, which has no backup that could be restored beside it; give ${missing} one ` +
    `(docs/backups.md), or ${name} a reason for none`
  );
}
