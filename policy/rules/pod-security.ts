import type { ResourceValidationPolicy } from "@pulumi/policy";
import { installersSetting } from "../installers";
import { covered } from "../kubernetes";
import { madeBy, objectsOf } from "../objects";

const label = "pod-security.kubernetes.io/enforce";

interface Settings {
  levels: string[];
  components: string[];
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
      components: installersSetting,
      privileged: {
        type: "array",
        items: { type: "string" },
        default: [],
        description:
          "Namespaces of provisioners that others install, which may be privileged; * stands for any part of a name.",
      },
    },
  },
  validateResource: (args, report) => {
    const { levels, components, privileged } = args.getConfig<Settings>();
    const installed = madeBy(args, components);
    for (const { kind, patch, what, props } of objectsOf(args)) {
      if (kind !== "Namespace") continue;
      const allowed = installed || covered(props.metadata?.name, privileged) ? [...levels, "privileged"] : levels;
      const found = props.metadata?.labels?.[label];
      if (patch && found === undefined) continue;
      if (found === undefined || found === null)
        report(`${what} has no label ${label}; set it to ${allowed.join(" or ")}`);
      else if (!allowed.includes(found)) report(`${what} has ${label} ${found}; allowed is ${allowed.join(" or ")}`);
    }
  },
};
