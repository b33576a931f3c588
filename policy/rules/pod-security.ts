import type { ResourceValidationPolicy } from "@pulumi/policy";
import { covered, describe, type KubeObject, kindOf } from "../kubernetes";
import { namespaces } from "../provisioners";

const label = "pod-security.kubernetes.io/enforce";

interface Settings {
  levels: string[];
  privileged: string[];
}

/** A namespace says what its pods may do. */
export const podSecurity: ResourceValidationPolicy = {
  name: "pod-security",
  description:
    "A namespace enforces a Pod Security level: without the label any pod in it may take over its node, and " +
    "every volume on it.",
  enforcementLevel: "mandatory",
  configSchema: {
    properties: {
      levels: {
        type: "array",
        items: { type: "string" },
        default: ["restricted", "baseline"],
        description: "Levels that will do.",
      },
      privileged: {
        type: "array",
        items: { type: "string" },
        default: namespaces,
        description: "Namespaces of provisioners, which may be privileged; * stands for any part of a name.",
      },
    },
  },
  validateResource: (args, report) => {
    if (kindOf(args.type) !== "Namespace") return;
    const { levels, privileged } = args.getConfig<Settings>();
    const { metadata } = args.props as KubeObject;
    const allowed = covered(metadata?.name, privileged) ? [...levels, "privileged"] : levels;
    const found = metadata?.labels?.[label];
    if (found === undefined) report(`${describe(args)} has no label ${label}; set it to ${allowed.join(" or ")}`);
    else if (!allowed.includes(found))
      report(`${describe(args)} has ${label} ${found}; allowed is ${allowed.join(" or ")}`);
  },
};
