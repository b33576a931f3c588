import { dnsName, flag, oneOf } from "../../config/fields";
import type { ClassPlan } from "../../model/storage";

/** Settings of every backend that makes a class. */
export const classSettings = {
  /** Its StorageClass; the backend's name unless told. */
  class: dnsName.optional(),
  default: flag.default(false),
  /** What becomes of the data of a deleted claim. */
  reclaimPolicy: oneOf(["Delete", "Retain"]).default("Retain"),
};

export interface ClassConfig {
  class?: string;
  default: boolean;
  reclaimPolicy: ClassPlan["reclaimPolicy"];
}

export const className = (name: string, config: ClassConfig) => config.class ?? name;

type Rest = Pick<ClassPlan, "provisioner" | "capabilities" | "parameters"> & Partial<ClassPlan>;

/** A class as the backend's config wants it, with what the driver needs in `rest`. */
export function planClass(name: string, config: ClassConfig, rest: Rest): ClassPlan {
  const { default: isDefault, reclaimPolicy } = config;
  return {
    name: className(name, config),
    backend: name,
    isDefault,
    reclaimPolicy,
    ...rest,
    annotations: {
      "storageclass.kubernetes.io/is-default-class": String(rest.isDefault ?? isDefault),
      ...rest.annotations,
    },
  };
}
