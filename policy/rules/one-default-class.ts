import type { StackValidationPolicy } from "@pulumi/policy";
import { type KubeObject, objectsOf } from "../objects";

const flags = ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"];

/** Whether claims without a class get this one. */
export function isDefaultClass({ kind, props }: Pick<KubeObject, "kind" | "props">): boolean {
  const annotations = props.metadata?.annotations ?? {};
  return kind === "StorageClass" && flags.some((flag) => annotations[flag] === "true");
}

/** At most one class of a stack is the default. */
export const oneDefaultClass: StackValidationPolicy = {
  name: "one-default-class",
  description:
    "With two default classes, where the data of a claim without a class goes depends on which of them is younger.",
  enforcementLevel: "mandatory",
  validateStack: ({ resources }, report) => {
    const [first, ...others] = resources.flatMap((resource) => objectsOf(resource)).filter(isDefaultClass);
    const nameOf = ({ props }: KubeObject) => props.metadata?.name;
    // A patch may be of the class itself.
    const beside = others.filter((other) => nameOf(other) === undefined || nameOf(other) !== nameOf(first!));
    for (const other of beside)
      report(
        `${other.what} is a default class beside ${first!.what}; keep ${flags[0]}: "true" at one of them`,
        other.urn,
      );
  },
};
