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
 * Checks services side by side, each after those that it needs: a service fails while its database's pod is replaced,
 * and the failure would be counted against the service. `all`: the stack's services, of which some may start on
 * those that are checked. Results are in the order of `services`.
 */
export async function verifyServices(
  kube: Kube,
  all: StackOutputs["services"],
  services: [string, ServiceOutput][],
  { timeout = 300_000, onResult }: VerifyOptions = {},
): Promise<Verification[]> {
  return byNeeds(services, async ([name, service]) => {
    const dependents = Object.entries(all).filter(([, { run, needs }]) => run && needs.includes(name));
    const result = await verifyService(kube, name, service, timeout, dependents);
    onResult?.(result);
    return result;
  });
}

/** Runs `work` for every service, after those of the list that it needs, and for at most `limit` at the same time. */
export async function byNeeds<S extends Pick<ServiceOutput, "needs">, R>(
  services: readonly [string, S][],
  work: (service: [string, S]) => Promise<R>,
  limit = atOnce,
): Promise<R[]> {
  const limited = pLimit(limit);
  const begun = new Map<string, Promise<R>>();
  const begin = (service: [string, S]): Promise<R> => {
    const [name, { needs }] = service;
    const running = begun.get(name);
    if (running) return running;
    const before = services.filter(([other]) => needs.includes(other)).map(begin);
    const result = Promise.all(before).then(() => limited(() => work(service)));
    begun.set(name, result);
    return result;
  };
  return Promise.all(services.map(begin));
}
