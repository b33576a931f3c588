import type { ClassFacts } from "../../model/facts";
import { switchedOffAnnotation } from "../../model/metadata";
import { type Item, nameOf, stackOf } from "./objects";

const defaultFlag = "storageclass.kubernetes.io/is-default-class";
const oldDefaultFlag = "storageclass.beta.kubernetes.io/is-default-class";

export interface ClassItem extends Item {
  provisioner: string;
  parameters?: Record<string, string>;
  reclaimPolicy?: string;
  volumeBindingMode?: string;
  allowVolumeExpansion?: boolean;
}

export function readClass(item: ClassItem): ClassFacts {
  const { labels = {}, annotations = {} } = item.metadata ?? {};
  const isDefaultByBeta = annotations[oldDefaultFlag] === "true";
  return {
    name: nameOf(item),
    provisioner: item.provisioner,
    parameters: item.parameters ?? {},
    // The API server fills in these values where an object doesn't have them.
    reclaimPolicy: item.reclaimPolicy ?? "Delete",
    bindingMode: item.volumeBindingMode ?? "Immediate",
    allowsExpansion: item.allowVolumeExpansion ?? false,
    isDefault: isDefaultByBeta || annotations[defaultFlag] === "true",
    isDefaultByBeta,
    labels,
    annotations,
    switchedOffBy: annotations[switchedOffAnnotation],
    stack: stackOf(item),
  };
}
