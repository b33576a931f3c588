import type { StackValidationPolicy } from "@pulumi/policy";
import { claimsOf, covered } from "../kubernetes";
import { type KubeObject, objectsOf } from "../objects";
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
    const objects = resources.flatMap((resource) => objectsOf(resource));
    const made = objects.filter(({ kind }) => kind === "StorageClass");
    const nameOf = ({ props }: KubeObject) => props.metadata?.name;
    const byDefault = made.filter(isDefaultClass).map(nameOf)[0];
    const provisionerOf = (name: string) =>
      made.find((known) => nameOf(known) === name && known.props.provisioner)?.props.provisioner as string | undefined;
    const modesOf = (name: string) =>
      classes[name] ?? Object.entries(provisioners).find(([pattern]) => covered(provisionerOf(name), [pattern]))?.[1];

    for (const object of objects) {
      // A patch that names no class leaves it as it is, which needn't be the default.
      const otherwise = object.patch && object.kind === "PersistentVolumeClaim" ? undefined : byDefault;
      for (const { accessModes: asked, storageClassName = otherwise } of claimsOf(object)) {
        const can = storageClassName ? modesOf(storageClassName) : undefined;
        for (const mode of can ? (asked ?? []).filter((mode) => !can.includes(mode)) : [])
          report(`${object.what} asks for ${mode}; class ${storageClassName} can do ${can!.join(" and ")}`, object.urn);
      }
    }
  },
};
