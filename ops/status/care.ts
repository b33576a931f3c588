import { count } from "../../model/quantity";
import { z } from "zod";
import { backupsName } from "../../model/backup";
import { caredAnnotation, type Cared } from "../../model/care";
import { errorCode, type Kube } from "../../kube/client";
import { readNote } from "../move/annotations";
import type { StackOutputs } from "../pulumi/outputs";
import { formatAge } from "../terminal/age";

const caredNote: z.ZodType<Cared> = z.object({
  at: z.string(),
  forgotten: z.number(),
  waits: z.record(z.string(), z.string()),
  checked: z.object({ part: z.number(), of: z.number(), at: z.string(), damage: z.string().optional() }).optional(),
  error: z.string().optional(),
});

/** What the care of the backups' repository came to, in lines; none where the stack has no backups. */
export async function careOf(kube: Kube, services: StackOutputs["services"], now = new Date()): Promise<string[]> {
  const backups = Object.values(services).flatMap(({ backup }) => backup ?? []);
  const [first] = backups;
  if (!first) return [];
  const forgets = backups.some(({ keep }) => keep !== undefined);
  return careLines(await noteOf(kube, first.namespace), forgets, now);
}

/** The note on the Lease; undefined where there is none, and for credentials that may not see it. */
async function noteOf({ objects }: Kube, namespace: string): Promise<string | undefined> {
  try {
    const metadata = { name: backupsName, namespace };
    const lease = await objects.read({ apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata });
    return lease.metadata?.annotations?.[caredAnnotation];
  } catch (error) {
    if ([403, 404].includes(errorCode(error) ?? 0)) return undefined;
    throw error;
  }
}

/** `note`: what the care has noted. `forgets`: a policy gives points up. */
export function careLines(note: string | undefined, forgets: boolean, now: Date): string[] {
  const cared = readNote(caredNote, note);
  const rule = forgets ? "" : "; all points are kept, because the stack file has no keep";
  if (!cared) return [`the backups' repository was not cared for yet${rule}`];
  const { at, forgotten, waits, checked, error } = cared;
  const ago = `${formatAge(new Date(at), now)} ago`;
  const read = checked && !checked.damage ? `, part ${checked.part} of ${checked.of} of its data was sound` : "";
  return [
    `the backups' repository was cared for ${ago}: forgot ${count(forgotten, "point")}${read}${rule}`,
    ...(checked?.damage === undefined
      ? []
      : [`  it is damaged: ${checked.damage}`, "    npm run backup -- --repair keeps what can be kept"]),
    ...(error === undefined ? [] : [`  the last run failed: ${error}`]),
    ...Object.entries(waits).map(([service, why]) => `  nothing of ${service} is forgotten: ${why}`),
  ];
}
