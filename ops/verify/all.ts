import pLimit from "p-limit";
import { UserError } from "../../model/user-error";
import type { Kube } from "../../kube/client";
import { didYouMean } from "../../model/nearest";
import type { ServiceOutput, StackOutputs } from "../pulumi/outputs";
import { goesWithItsPod, verifyService, type Verification } from "./service";

export interface VerifyOptions {
  /** Longest wait for a pod to become Ready, in ms; default 5 min. */
  timeout?: number;
  /** Called when a service's check is done. */
  onResult?: (result: Verification) => void;
}

/**
 * How many pods are replaced at the same time. Most of a check is waiting, and a small machine can still start this
 * many at once.
 */
const atOnce = 5;

/** The services whose data goes with their pod, as the config says. A check would prove nothing and delete the data. */
export function leftOut(services: StackOutputs["services"]): string[] {
  return Object.entries(services).flatMap(([name, service]) => (service.run && goesWithItsPod(service) ? [name] : []));
}

/**
 * The services to check, in the order of the outputs. Without names these are all that run and keep their data. Throws
 * a UserError for a service that the stack doesn't have or doesn't run.
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
 * Checks services side by side. Databases (StatefulSets) are checked first, without the others: a service fails
 * while its database's pod is replaced, and the failure would be counted against the service. Results are in the
 * order of `services`.
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

/** Runs `work` for every service: first the databases, then the others, and at most `limit` at the same time. */
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
