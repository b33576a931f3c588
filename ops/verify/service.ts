import { randomBytes } from "node:crypto";
import type { V1Pod } from "@kubernetes/client-node";
import { failureOf, type Kube } from "../../kube/client";
import { lookUpClaim } from "../../kube/look-up";
import { deletePod, waitForReadyPod } from "../../kube/pods";
import type { ServiceOutput } from "../pulumi/outputs";
import { newKey, removeRecords } from "./remove";
import { assertSound, watchData } from "./sound";
import { runSteps, type CheckRecord } from "./steps";

/** The result of one service's check. The keys are those of `npm run verify -- --json`. */
export interface Verification {
  service: string;
  ok: boolean;
  seconds: number;
  /** The record's value; null when writing failed. */
  wrote: string | null;
  /**
   * The service's answer when the record was read after its pod was replaced; null where the check didn't get that far.
   */
  read: string | null;
  error?: string;
  /** What could not be removed of what this check, or one that was killed, wrote; absent where nothing is left. */
  left?: string;
}

/**
 * Proves that a service's data outlives its pod. Never throws: a failure is in the result. `timeout`: the longest wait
 * for a pod, in ms. `dependents`: services that start on this one, which have to be ready before its pod is replaced.
 */
export async function verifyService(
  kube: Kube,
  name: string,
  service: ServiceOutput,
  timeout: number,
  dependents: readonly [string, ServiceOutput][] = [],
): Promise<Verification> {
  const started = Date.now();
  const result: Verification = { service: name, ok: false, seconds: 0, wrote: null, read: null };
  try {
    await writeReplaceRead(kube, [name, service], timeout, dependents, result);
    result.ok = true;
  } catch (error) {
    result.error = failureOf(error);
  }
  result.seconds = Math.round((Date.now() - started) / 100) / 10;
  return result;
}

/** Whether some of the service's data is in the pod's own directory. */
export const goesWithItsPod = ({ claims }: ServiceOutput) => claims.some(({ ephemeral }) => ephemeral);

async function writeReplaceRead(
  kube: Kube,
  [name, service]: [string, ServiceOutput],
  timeout: number,
  dependents: readonly [string, ServiceOutput][],
  result: Verification,
): Promise<void> {
  // Replacing the pod would prove nothing and delete the data.
  if (goesWithItsPod(service))
    throw new Error("its data is in the pod's own directory, which is deleted with the pod; the pod was not touched");
  const record: CheckRecord = {
    key: newKey(Date.now()),
    value: randomBytes(8).toString("hex"),
  };
  const sound = () => assertSound(kube, name, service);
  await sound();
  const before = await waitForReadyPod(kube, service, timeout, undefined, watchData(kube, name, service));
  // Whoever is still starting on it would break, some of them half-way through a migration of their database.
  for (const [dependent, other] of dependents)
    await waitForReadyPod(kube, other, timeout).catch((error: Error) => {
      throw new Error(
        `its pod was not touched, because ${dependent}, which starts on it, is not ready: ${error.message}`,
      );
    });
  const volumes = await boundVolumes(kube, service, before);
  await runSteps(kube, service, before, service.check.write, record);
  result.wrote = record.value;
  await sound();
  if (!(await deletePod(kube, before)))
    throw new Error(
      `pod ${before.metadata?.name} was replaced by something else during the check; run the check again`,
    );
  const after = await waitForReadyPod(kube, service, timeout, before.metadata?.uid, watchData(kube, name, service));
  result.read = await runSteps(kube, service, after, service.check.read, record);
  if (!result.read.includes(record.value))
    throw new Error(`wrote ${record.value}, and after the pod was replaced it answered: ${result.read || "nothing"}`);
  assertSameVolumes(volumes, await boundVolumes(kube, service, after));
  result.left = await removeRecords(kube, service, after, record.key);
}

/**
 * The volume behind each of the service's claims, by claim. Throws for a claim that isn't bound or that the
 * pod doesn't mount.
 */
async function boundVolumes(kube: Kube, service: ServiceOutput, pod: V1Pod): Promise<Map<string, string>> {
  const mounted = new Set(pod.spec?.volumes?.map(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName));
  const volumes = new Map<string, string>();
  for (const { name } of service.claims) {
    const claim = await lookUpClaim(kube, service.namespace, name);
    if (claim?.volume === undefined)
      throw new Error(`claim ${service.namespace}/${name} is ${claim?.phase ?? "missing"}`);
    if (!mounted.has(name)) throw new Error(`pod ${pod.metadata?.name} does not mount the claim ${name}`);
    volumes.set(name, claim.volume);
  }
  return volumes;
}

function assertSameVolumes(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): void {
  for (const [claim, volume] of before) {
    if (after.get(claim) !== volume)
      throw new Error(`claim ${claim} was on volume ${volume} and is now on ${after.get(claim)}`);
  }
}
