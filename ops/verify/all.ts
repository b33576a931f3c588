import pLimit from "p-limit";
import { UserError } from "../../model/user-error";
import type { Kube } from "../../kube/client";
import { didYouMean } from "../../model/nearest";
import type { ServiceOutput, StackOutputs } from "../pulumi/outputs";
import { goesWithItsPod, verifyService, type Verification } from "./service";

export interface VerifyOptions {
  /** Longest wait for a pod to become Ready, in ms; default 5 min. */
  timeout?: number;
  /** Called as each service is done. */
  onResult?: (result: Verification) => void;
}

/**
 * Pods that are replaced at the same time: most of a check is waiting, and a small machine still starts this many at
 * once.
 */
const atOnce = 5;

/**
 * The services whose data goes with their pod, as the config says: there is nothing to prove, and a check would delete
 * it.
 */
export function leftOut(services: StackOutputs["services"]): string[] {
  return Object.entries(services).flatMap(([name, service]) => (service.run && goesWithItsPod(service) ? [name] : []));
}

/**
 * The services to check, in the order of the outputs; without names all that run and keep their data. Throws a
 * UserError for one that the stack doesn't have or doesn't run.
 */
export function chooseServices(
  services: StackOutputs["services"],
  names: readonly string[],
): [string, ServiceOutput][] {
  const known = Object.keys(services);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new UserError(
      `no service "${unknown}" in this stack${didYouMean(unknown, known)}; it has ${known.join(", ")}`,
    );
  const idle = names.find((name) => !services[name]?.run);
  if (idle !== undefined)
    throw new UserError(
      `${idle} doesn't run (run: false in the stack's config): it has no pod to replace; its data is kept`,
    );
  return Object.entries(services).filter(([name, service]) =>
    names.length === 0 ? service.run && !goesWithItsPod(service) : names.includes(name),
  );
}

/**
 * Checks services side by side, databases (StatefulSets) first and by themselves: a service fails while the pod of its
 * database is away, and would be blamed for it. Results are in the order of `services`.
 */
export async function verifyServices(
  kube: Kube,
  services: [string, ServiceOutput][],
  { timeout = 300_000, onResult }: VerifyOptions = {},
): Promise<Verification[]> {
  const results = new Map<string, Verification>();
  await databasesFirst(services, async ([name, service]) => {
    const result = await verifyService(kube, name, service, timeout);
    results.set(name, result);
    onResult?.(result);
  });
  return services.flatMap(([name]) => results.get(name) ?? []);
}

/** Runs `work` for every service, databases before the others, and `limit` of them at the same time at most. */
export async function databasesFirst<T extends [string, Pick<ServiceOutput, "kind">]>(
  services: readonly T[],
  work: (service: T) => Promise<void>,
  limit = atOnce,
): Promise<void> {
  const isDatabase = ([, { kind }]: T) => kind === "StatefulSet";
  const limited = pLimit(limit);
  await limited.map(services.filter(isDatabase), work);
  await limited.map(
    services.filter((service) => !isDatabase(service)),
    work,
  );
}
