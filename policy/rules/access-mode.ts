import type { PolicyResource, StackValidationPolicy } from "@pulumi/policy";
import { type ClaimSpec, claimTemplatesOf, covered, describe, type KubeObject, kindOf } from "../kubernetes";
import { accessModes } from "../provisioners";
import { isDefaultClass } from "./one-default-class";

interface Settings {
  provisioners: Record<string, string[]>;
  classes: Record<string, string[]>;
}

/** A claim asks only for an access mode that its class can provide. */
export const accessMode: StackValidationPolicy = {
  name: "access-mode",
  description:
    "A claim asks for an access mode that its class has: any other waits for a volume for ever, or gets one " +
    "that breaks under two nodes.",
  enforcementLevel: "mandatory",
  configSchema: {
    properties: {
      provisioners: {
        type: "object",
        default: accessModes,
        description:
          "Access modes by the provisioner of a class that the stack makes; * stands for any part of a name. " +
          "One that isn't named is not judged.",
      },
      classes: { type: "object", default: {}, description: "Access modes by name, for classes that others made." },
    },
  },
  validateStack: ({ resources, getConfig }, report) => {
    const { provisioners, classes } = getConfig<Settings>();
    const made = resources.filter(({ type }) => kindOf(type) === "StorageClass");
    const nameOf = ({ props }: PolicyResource) => (props as KubeObject).metadata?.name;
    const byDefault = made.filter(isDefaultClass).map(nameOf)[0];
    const provisionerOf = (name: string) =>
      made.find((known) => nameOf(known) === name)?.props.provisioner as string | undefined;
    const modesOf = (name: string) =>
      classes[name] ?? Object.entries(provisioners).find(([pattern]) => covered(provisionerOf(name), [pattern]))?.[1];

    for (const resource of resources) {
      for (const { accessModes: asked = [], storageClassName = byDefault } of claimSpecs(resource)) {
        const can = storageClassName ? modesOf(storageClassName) : undefined;
        for (const mode of can ? asked.filter((mode) => !can.includes(mode)) : []) {
          report(
            `${describe(resource)} asks for ${mode}; class ${storageClassName} can do ${can!.join(" and ")}`,
            resource.urn,
          );
        }
      }
    }
  },
};

function claimSpecs(resource: PolicyResource): ClaimSpec[] {
  const own =
    kindOf(resource.type) === "PersistentVolumeClaim" ? [(resource.props as KubeObject<ClaimSpec>).spec ?? {}] : [];
  return [...own, ...claimTemplatesOf(resource).map(({ spec }) => spec ?? {})];
}
