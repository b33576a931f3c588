import { flag, oneOf } from "../../config/fields";
import { dnsName } from "../../config/forms";
import type { BackendClass, ClassSettings } from "../../model/backend";
import type { ReclaimPolicy } from "../../model/storage";

/** Settings of every backend that makes a class. */
export const classSettings = {
  class: dnsName.optional().meta({ description: "Name of its StorageClass.", otherwise: "the backend's name" }),
  default: flag.default(false).describe("Its class is the cluster's default; exactly one backend says so."),
  reclaimPolicy: oneOf(["Delete", "Retain"]).default("Retain").describe("What becomes of the data of a deleted claim."),
};

export interface ClassConfig {
  class?: string;
  default: boolean;
  reclaimPolicy: ReclaimPolicy;
}

export const className = (name: string, config: ClassConfig): string => config.class ?? name;

/** The class of the backend `name`, as its config wants it. `make`: what the provisioner needs to know. */
export function madeClass(
  name: string,
  config: ClassConfig,
  make: Omit<ClassSettings, "reclaimPolicy">,
): BackendClass & { make: ClassSettings } {
  return {
    name: className(name, config),
    isDefault: config.default,
    make: { reclaimPolicy: config.reclaimPolicy, ...make },
  };
}
