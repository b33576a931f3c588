import type { ResourceValidationPolicy } from "@pulumi/policy";
import { claimTemplatesOf } from "../kubernetes";
import { type Metadata, objectsOf } from "../objects";

const annotation = "cluster-storage/backup";

/** Every volume has a backup, or says why it has none. */
export const backupStated: ResourceValidationPolicy = {
  name: "backup-stated",
  description: `A claim names its backup in the annotation ${annotation}, or says "none: REASON" there.`,
  // This program does not write the annotation yet, also where a service has a backup.
  enforcementLevel: "disabled",
  validateResource: (args, report) => {
    const judge = (what: string, metadata: Metadata | undefined, patch: boolean) => {
      const said = metadata?.annotations?.[annotation];
      const fault = patch && said === undefined ? undefined : faultOf(said);
      if (fault) report(`${what} ${fault}`);
    };
    for (const object of objectsOf(args)) {
      const { kind, what, patch, props } = object;
      if (kind === "PersistentVolumeClaim") judge(what, props.metadata, patch);
      for (const { metadata } of claimTemplatesOf(object))
        judge(`${what}, claim template ${metadata?.name},`, metadata, patch);
    }
  },
};

function faultOf(value: string | undefined): string | undefined {
  if (!value) return `says nothing of a backup; name it in the annotation ${annotation}, or set it to "none: REASON"`;
  if (/^none:?\s*$/.test(value))
    return `has no backup and no reason; say it in the annotation ${annotation}: "none: REASON"`;
  return undefined;
}
