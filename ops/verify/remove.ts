import { randomBytes } from "node:crypto";
import type { V1Pod } from "@kubernetes/client-node";
import { failureOf, type Kube } from "../../kube/client";
import type { ServiceOutput } from "../pulumi/outputs";
import { runSteps } from "./steps";

/** By which a record is known as one of verify's: nothing else has such a name. The time is in base 36. */
const keyForm = /cluster-storage-check-([0-9a-z]{8})[0-9a-f]{4}(?![0-9a-z])/g;

/** Whose check may still be running, in ms. */
const recent = 60 * 60_000;

/** The key of a new record, from the time in ms. */
export const newKey = (now: number) => `cluster-storage-check-${now.toString(36)}${randomBytes(2).toString("hex")}`;

/** The keys in what a service lists that are of checks which ended long ago without removing them. */
export function oldKeys(listed: string, now: number): string[] {
  const found = [...listed.matchAll(keyForm)].filter(([, time = ""]) => Number.parseInt(time, 36) < now - recent);
  return [...new Set(found.map(([key]) => key))];
}

/**
 * Removes the check's record, and those of earlier checks that were killed. Never throws: the data has been proven.
 * Returns what could not be removed.
 */
export async function removeRecords(
  kube: Kube,
  service: ServiceOutput,
  pod: V1Pod,
  key: string,
): Promise<string | undefined> {
  const { remove, list } = service.check;
  if (remove.length === 0) return undefined;
  try {
    await runSteps(kube, service, pod, remove, { key, value: "" });
    const listed = list.length === 0 ? "" : await runSteps(kube, service, pod, list, { key, value: "" });
    for (const old of oldKeys(listed, Date.now())) await runSteps(kube, service, pod, remove, { key: old, value: "" });
    return undefined;
  } catch (error) {
    return `what the check wrote (${key}) could not be removed: ${failureOf(error)}`;
  }
}
