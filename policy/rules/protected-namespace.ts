import type { StackValidationPolicy } from "@pulumi/policy";
import { claimTemplatesOf, describe, autoNamed, type KubeObject, kindOf, type Resource } from "../kubernetes";

/** A namespace with claims is protected and has a name of its own. */
export const protectedNamespace: StackValidationPolicy = {
  name: "protected-namespace",
  description:
    "A namespace that holds data is protected and its name is given: deleting it deletes every claim in it, " +
    "protected or not.",
  enforcementLevel: "mandatory",
  validateStack: ({ resources }, report) => {
    const withData = new Set(resources.filter(holdsData).map(namespaceOf));
    for (const resource of resources.filter(({ type }) => kindOf(type) === "Namespace")) {
      if (!withData.has((resource.props as KubeObject).metadata?.name)) continue;
      if (!resource.opts.protect)
        report(
          `${describe(resource)} holds claims and is not protected; set protect: true in its resource options`,
          resource.urn,
        );
      if (autoNamed(resource.props))
        report(`${describe(resource)} holds claims and has no name of its own; set metadata.name`, resource.urn);
    }
  },
};

const namespaceOf = ({ props }: Pick<Resource, "props">) => (props as KubeObject).metadata?.namespace;

const holdsData = (resource: Pick<Resource, "type" | "props">) =>
  kindOf(resource.type) === "PersistentVolumeClaim" || claimTemplatesOf(resource).length > 0;
