import type { ResourceValidationPolicy } from "@pulumi/policy";
import { claimTemplatesOf, describe, type KubeObject, kindOf, type Metadata } from "../kubernetes";

const annotation = "cluster-storage/backup";

/** Every volume has a backup, or says why it has none. */
export const backupStated: ResourceValidationPolicy = {
  name: "backup-stated",
  description: `A claim names its backup in the annotation ${annotation}, or says "none: REASON" there.`,
  // This program makes no backups yet, so all its claims would have to say that they have none.
  enforcementLevel: "disabled",
  validateResource: (args, report) => {
    const judge = (what: string, metadata: Metadata | undefined) => {
      const fault = faultOf(metadata?.annotations?.[annotation]);
      if (fault) report(`${what} ${fault}`);
    };
    if (kindOf(args.type) === "PersistentVolumeClaim") judge(describe(args), (args.props as KubeObject).metadata);
    for (const { metadata } of claimTemplatesOf(args))
      judge(`${describe(args)}, claim template ${metadata?.name},`, metadata);
  },
};

function faultOf(value: string | undefined): string | undefined {
  if (!value) return `says nothing of a backup; name it in the annotation ${annotation}, or set it to "none: REASON"`;
  if (/^none:?\s*$/.test(value))
    return `has no backup and no reason; say it in the annotation ${annotation}: "none: REASON"`;
  return undefined;
}
