import { randomBytes } from "node:crypto";
import { failureOf, type Kube } from "../../kube/client";
import { mergePatch } from "../../kube/patch";
import { drilledAnnotation, drillFailedAnnotation, type Drilled, type DrillFailed } from "../../model/backup";
import type { BackedUpService } from "../backup/decide";
import { pointText, type DrillResult } from "./judge";

/** What a drill's result is on the service's claims: a failed one leaves the note of the last good one. Pure. */
export function notesOf({ ok, point, seconds, error = "" }: DrillResult, at: string): Record<string, string | null> {
  const of = point && { point: point.id, pointAt: point.at };
  const failed: DrillFailed = { ...of, at, seconds, error };
  if (!ok || !of) return { [drillFailedAnnotation]: JSON.stringify(failed) };
  const drilled: Drilled = { ...of, at, seconds };
  return { [drilledAnnotation]: JSON.stringify(drilled), [drillFailedAnnotation]: null };
}

/** Writes a drill's result on the service's claims, and tells it as an event. Returns why that failed, where it did. */
export async function noteDrill(
  kube: Kube,
  [name, { namespace, kind, workload, claims }]: BackedUpService,
  result: DrillResult,
): Promise<string | undefined> {
  const now = new Date();
  const annotations = notesOf(result, now.toISOString());
  try {
    for (const claim of claims.filter(({ ephemeral }) => !ephemeral)) {
      const patch = {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        metadata: { name: claim.name, namespace, annotations },
      };
      await mergePatch(kube, patch);
    }
    await kube.core.createNamespacedEvent({
      namespace,
      body: {
        metadata: { name: `${workload}.${randomBytes(8).toString("hex")}`, namespace },
        involvedObject: { apiVersion: "apps/v1", kind, name: workload, namespace },
        type: result.ok ? "Normal" : "Warning",
        reason: result.ok ? "BackupDrilled" : "BackupDrillFailed",
        message: eventText(name, result).slice(0, 1000),
        source: { component: "npm run drill" },
        firstTimestamp: now,
        lastTimestamp: now,
        count: 1,
      },
    });
    return undefined;
  } catch (error) {
    return `the result of ${name} could not be noted: ${failureOf(error)}`;
  }
}

function eventText(name: string, { ok, point, error = "" }: DrillResult): string {
  const of = point ? pointText(point) : "its newest point";
  return ok ? `${name} was started from ${of}, and had the record that was written before it` : error;
}
