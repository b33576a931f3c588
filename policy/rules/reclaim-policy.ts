import type { ResourceValidationPolicy } from "@pulumi/policy";
import { objectsOf } from "../objects";

interface Settings {
  environments: Record<string, string[]>;
  others: string[];
}

/** A class or volume has a reclaim policy that its stack allows. It decides what happens to a deleted claim's data. */
export const reclaimPolicy: ResourceValidationPolicy = {
  name: "reclaim-policy",
  description:
    "Where the data matters it outlives its claim: classes and volumes have a reclaim policy that their stack allows.",
  enforcementLevel: "mandatory",
  configSchema: {
    properties: {
      environments: {
        type: "object",
        default: { dev: ["Delete", "Retain"] },
        description: "The policies that a stack allows, by the stack's name.",
      },
      others: {
        type: "array",
        items: { type: "string" },
        default: ["Retain"],
        description: "Those that every other stack allows.",
      },
    },
  },
  validateResource: (args, report) => {
    const { environments, others } = args.getConfig<Settings>();
    const stack = stackOf(args.urn);
    const allowed = environments[stack] ?? others;
    for (const { kind, patch, what, props } of objectsOf<{ persistentVolumeReclaimPolicy?: string }>(args)) {
      // These are Kubernetes' own defaults: a class deletes its volumes, and a volume that was made by hand is kept.
      // What a patch leaves out stays as it is.
      const policies: Record<string, [field: string, found: unknown, otherwise: string]> = {
        StorageClass: ["reclaimPolicy", props.reclaimPolicy, "Delete"],
        PersistentVolume: ["spec.persistentVolumeReclaimPolicy", props.spec?.persistentVolumeReclaimPolicy, "Retain"],
      };
      const [field, said, otherwise] = policies[kind] ?? [];
      const found = (said ?? (patch ? undefined : otherwise)) as string | undefined;
      if (found !== undefined && !allowed.includes(found))
        report(`${what} has ${field} ${found}; stack ${stack} allows ${allowed.join(" and ")}`);
    }
  },
};

/** The second part of `urn:pulumi:STACK::PROJECT::TYPE::NAME`. */
const stackOf = (urn: string) => urn.split("::")[0]!.split(":").at(-1)!;
