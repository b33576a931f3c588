import type { ClaimPlan } from "../../model/storage";
import type { ServicePlan } from "../../model/plan";
import { execInPod } from "../../kube/exec";
import { isReady, podsOf } from "../../kube/pods";
import type { Kube } from "../../kube/client";
import { listClaims } from "../../kube/look-up";
import { formatBytes } from "../../model/quantity";
import { type Moved, movedOf } from "./annotations";

/** The time of a smaller move is mostly that of starting pods, so it can't predict the next copy. */
const telling = 64 * 1024 ** 2;

/**
 * How much a move will copy and, where this cluster had earlier moves to compare with, about how long it takes.
 * Undefined where the data can't be measured. `across`: the copy goes from one node to another.
 */
export async function estimate(
  kube: Kube,
  service: ServicePlan,
  claim: ClaimPlan,
  across = false,
): Promise<string | undefined> {
  try {
    const [bytes, claims] = await Promise.all([measure(kube, service, claim), listClaims(kube)]);
    return bytes === undefined
      ? undefined
      : describeEstimate(
          bytes,
          claims.flatMap((found) => movedOf(found) ?? []),
          across,
        );
  } catch {
    return undefined; // The move measures again by itself before it stops anything.
  }
}

/** Disk space in use below the claim's mounts, as the running pod sees it. */
async function measure(
  kube: Kube,
  { name, namespace, kind, check }: ServicePlan,
  { mounts }: ClaimPlan,
): Promise<number | undefined> {
  const pod = (await podsOf(kube, { namespace, kind, workload: name }))?.find(isReady);
  if (!pod) return undefined;
  const command = ["du", "-sk", ...mounts.map(({ path }) => path)];
  const { stdout, exitCode } = await execInPod(kube, namespace, pod.metadata?.name ?? "", check.container, command, {
    timeout: 10_000,
  });
  return exitCode === 0 ? readUsage(stdout) : undefined;
}

/** The sum of what `du -k` printed, in bytes. */
export function readUsage(printed: string): number | undefined {
  const sizes = [...printed.matchAll(/^(\d+)\s+\S/gm)].map(([, size]) => Number(size) * 1024);
  return sizes.length === 0 ? undefined : sizes.reduce((sum, size) => sum + size, 0);
}

/** Describes the estimate. Its rate is that of the slowest earlier move that was large enough. */
export function describeEstimate(
  bytes: number,
  earlier: readonly Pick<Moved, "bytes" | "seconds">[],
  across = false,
): string {
  const rates = earlier
    .filter((move) => move.bytes >= telling && move.seconds > 0)
    .map((move) => move.bytes / move.seconds);
  if (rates.length === 0) return `It holds ${formatBytes(bytes)} now.`;
  const seconds = Math.max(1, Math.round(bytes / Math.min(...rates)));
  return (
    `It holds ${formatBytes(bytes)} now: at the rate of this cluster's earlier moves, ` +
    `about ${seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`} of copying and ` +
    `checking${across ? "; between two nodes it takes longer where the network is slower than the disks" : ""}.`
  );
}
