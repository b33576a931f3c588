import type { StackValidationPolicy } from "@pulumi/policy";
import { autoNamed, claimTemplatesOf } from "../kubernetes";
import { type KubeObject, objectsOf } from "../objects";

/** A namespace with claims is protected and has a name of its own. */
export const protectedNamespace: StackValidationPolicy = {
  name: "protected-namespace",
  description:
    "A namespace that holds data is protected and its name is given: deleting it deletes every claim in it, " +
    "protected or not.",
  enforcementLevel: "mandatory",
  validateStack: ({ resources }, report) => {
    const objects = resources.flatMap((resource) => objectsOf(resource));
    const withData = new Set(objects.filter(holdsData).map(({ props }) => props.metadata?.namespace));
    // A patch that goes leaves the namespace that it patched.
    for (const { what, protect, props, urn } of objects.filter(({ kind, patch }) => kind === "Namespace" && !patch)) {
      if (!withData.has(props.metadata?.name)) continue;
      if (!protect) report(`${what} holds claims and is not protected; set protect: true in its resource options`, urn);
      if (autoNamed(props)) report(`${what} holds claims and has no name of its own; set metadata.name`, urn);
    }
  },
};

/** A patch of a claim is one of a claim that is there already. */
const holdsData = (object: KubeObject) =>
  object.kind === "PersistentVolumeClaim" || claimTemplatesOf(object).length > 0;
