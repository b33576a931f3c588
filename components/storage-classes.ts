import { StorageClass, StorageClassPatch } from "@pulumi/kubernetes/storage/v1";
import * as pulumi from "@pulumi/pulumi";
import { metadata, ownerName, switchedOffAnnotation } from "../model/metadata";
import type { ClassPlan } from "../model/storage";
import type { Owner } from "../model/plan";

export interface StorageClassesArgs {
  owner: Owner;
  classes: ClassPlan[];
  /** Other installers' classes that must not stay the cluster's default. */
  switchOff: string[];
  /** Other installers' classes that are made the default. */
  switchOn: string[];
}

/** The stack's classes. It also sees to it that the cluster has only one default class. */
export class StorageClasses extends pulumi.ComponentResource {
  constructor(name: string, args: StorageClassesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("cluster-storage:index:StorageClasses", name, {}, opts);
    for (const other of args.switchOff) {
      new StorageClassPatch(
        `${other}-not-default`,
        { metadata: { name: other, annotations: notDefault(args.owner) } },
        { parent: this },
      );
    }
    for (const other of args.switchOn) {
      new StorageClassPatch(
        `${other}-default`,
        { metadata: { name: other, annotations: theDefault } },
        { parent: this },
      );
    }
    for (const {
      name,
      backend,
      provisioner,
      reclaimPolicy,
      capabilities,
      parameters,
      mountOptions,
      annotations,
    } of args.classes) {
      const meta = metadata(args.owner, backend, "storage-class", name);
      new StorageClass(
        name,
        {
          metadata: { ...meta, annotations: { ...meta.annotations, ...annotations } },
          provisioner,
          // The volume is made on the node where the first pod runs.
          volumeBindingMode: "WaitForFirstConsumer",
          reclaimPolicy,
          ...(capabilities.expand && { allowVolumeExpansion: true }),
          ...(Object.keys(parameters).length > 0 && { parameters }),
          ...(mountOptions && { mountOptions }),
        },
        { parent: this },
      );
    }
    this.registerOutputs();
  }
}

const theDefault = { "storageclass.kubernetes.io/is-default-class": "true", "pulumi.com/patchForce": "true" };

function notDefault(owner: Owner): Record<string, string> {
  return {
    "storageclass.kubernetes.io/is-default-class": "false",
    // The class has lost its default flag, so the next run recognizes it by this annotation.
    [switchedOffAnnotation]: ownerName(owner),
    // The field belongs to whoever installed the class, so the patch has to take it over.
    "pulumi.com/patchForce": "true",
  };
}
