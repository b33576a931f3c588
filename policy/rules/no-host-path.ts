import type { ResourceValidationPolicy } from "@pulumi/policy";
import { installersSetting } from "../installers";
import { covered, podOf, type Volume } from "../kubernetes";
import { madeBy, objectsOf } from "../objects";

interface Settings {
  components: string[];
  namespaces: string[];
}

/** Nobody but a provisioner mounts a node's directories. */
export const noHostPath: ResourceValidationPolicy = {
  name: "no-host-path",
  description:
    "A hostPath volume is lost with its node and starts empty on the next; only what provisions volumes needs one.",
  enforcementLevel: "mandatory",
  configSchema: {
    properties: {
      components: installersSetting,
      namespaces: {
        type: "array",
        items: { type: "string" },
        default: [],
        description: "Namespaces of provisioners that others install, which may; * stands for any part of a name.",
      },
    },
  },
  validateResource: (args, report) => {
    const { components, namespaces } = args.getConfig<Settings>();
    const installed = madeBy(args, components);
    for (const object of objectsOf<Volume>(args)) {
      const { kind, what, props } = object;
      if (kind === "PersistentVolume" && props.spec?.hostPath)
        report(`${what} is a hostPath; use local with a nodeAffinity, or a class that provisions`);
      if (installed || covered(props.metadata?.namespace, namespaces)) continue;
      for (const { name, hostPath } of podOf(object)?.volumes ?? []) {
        if (hostPath) report(`${what} mounts ${hostPath.path} of its node as ${name}; use a claim`);
      }
    }
  },
};
