import type { ServicePlan } from "../model/plan";
import { amount, canonical } from "../model/quantity";

/** Amounts of a container by resource, as Kubernetes has them. */
export interface ContainerAmounts {
  requests: Record<string, string>;
  limits: Record<string, string>;
}

/** The room for logs and temporary files, in bytes. */
const spare = 2 * 1024 ** 3;
const [gibibyte, mebibyte] = [1024 ** 3, 1024 ** 2];

/**
 * How much of its node's disk a container may use: room for logs and temporary files, and the sizes of the directories
 * of its pod that hold data, which count towards the same limit.
 */
export function nodeRoomOf(directories: readonly string[]): string {
  const room = spare + directories.reduce((sum, size) => sum + amount(size), 0);
  return room % gibibyte === 0 ? `${room / gibibyte}Gi` : `${Math.ceil(room / mebibyte)}Mi`;
}

interface Amounted extends Pick<ServicePlan, "claims"> {
  container: Pick<ServicePlan["container"], "resources">;
}

/** What the service's own container asks for and may use, with the data in its pod's own directories. */
export function ownAmounts({ container, claims }: Amounted): ContainerAmounts {
  const { requests, limits } = container.resources;
  const directories = claims.filter(({ ephemeral }) => ephemeral).map(({ size }) => size);
  return {
    requests: { ...canonicalAmounts(requests), "ephemeral-storage": "64Mi" },
    limits: { ...canonicalAmounts(limits), "ephemeral-storage": nodeRoomOf(directories) },
  };
}

const canonicalAmounts = (amounts: object): Record<string, string> =>
  Object.fromEntries(Object.entries(amounts).map(([kind, value]) => [kind, canonical(String(value))]));
