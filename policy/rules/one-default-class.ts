import type { StackValidationPolicy } from "@pulumi/policy";
import { describe, type KubeObject, kindOf, type Resource } from "../kubernetes";

const flags = ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"];

/** Whether claims without a class get this one. */
export function isDefaultClass({ type, props }: Pick<Resource, "type" | "props">): boolean {
  const { annotations = {} } = (props as KubeObject).metadata ?? {};
  return kindOf(type) === "StorageClass" && flags.some((flag) => annotations[flag] === "true");
}

/** At most one class of a stack is the default. */
export const oneDefaultClass: StackValidationPolicy = {
  name: "one-default-class",
  description:
    "With two default classes, where the data of a claim without a class goes depends on which of them is younger.",
  enforcementLevel: "mandatory",
  validateStack: ({ resources }, report) => {
    const [first, ...others] = resources.filter(isDefaultClass);
    for (const other of others)
      report(
        `${describe(other)} is a default class beside ${describe(first!)}; keep ${flags[0]}: "true" at one of them`,
        other.urn,
      );
  },
};
