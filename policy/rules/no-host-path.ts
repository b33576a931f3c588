import type { ResourceValidationPolicy } from "@pulumi/policy";
import { covered, describe, type KubeObject, kindOf, patchedPodOf, podOf, type Volume } from "../kubernetes";
import { namespaces as ofProvisioners } from "../provisioners";

/** Nobody but a provisioner mounts a node's directories. */
export const noHostPath: ResourceValidationPolicy = {
  name: "no-host-path",
  description:
    "A hostPath volume is lost with its node and starts empty on the next; only what provisions volumes needs one.",
  enforcementLevel: "mandatory",
  configSchema: {
    properties: {
      namespaces: {
        type: "array",
        items: { type: "string" },
        default: ofProvisioners,
        description: "Namespaces of provisioners, which may; * stands for any part of a name.",
      },
    },
  },
  validateResource: (args, report) => {
    const { namespaces } = args.getConfig<{ namespaces: string[] }>();
    const { metadata, spec } = args.props as KubeObject<Volume>;
    if (kindOf(args.type) === "PersistentVolume" && spec?.hostPath)
      report(`${describe(args)} is a hostPath; use local with a nodeAffinity, or a class that provisions`);
    if (covered(metadata?.namespace, namespaces)) return;
    for (const { name, hostPath } of (podOf(args) ?? patchedPodOf(args))?.volumes ?? []) {
      if (hostPath) report(`${describe(args)} mounts ${hostPath.path} of its node as ${name}; use a claim`);
    }
  },
};
