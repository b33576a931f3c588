import { StorageClass, StorageClassPatch } from "@pulumi/kubernetes/storage/v1";
import * as pulumi from "@pulumi/pulumi";
import { atDestroy } from "./at-destroy";
import { metadata, ownerName, switchedOffAnnotation } from "../model/metadata";
import type { ClassPlan } from "../model/storage";
import type { ClusterPlan, Owner } from "../model/plan";

export interface StorageClassesArgs {
  owner: Owner;
  cluster: ClusterPlan;
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
    // Given back when all of this is gone, and with it the stack's own default class. A patch that goes takes its
    // field along, so without this the class would have no flag at all.
    const { context, kubeconfig } = args.cluster;
    const task = { task: "give-back-default" as const, context, kubeconfig, classes: args.switchOff };
    const child = {
      parent: this,
      dependsOn: args.switchOff.length > 0 ? [atDestroy("default-flag", task, { parent: this })] : [],
    };
    for (const other of args.switchOff) {
      new StorageClassPatch(
        `${other}-not-default`,
        { metadata: { name: other, annotations: notDefault(args.owner) } },
        child,
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
        // The API server refuses a change of these. Volumes that the class made keep their own policy.
        { ...child, replaceOnChanges: ["reclaimPolicy", "volumeBindingMode"], deleteBeforeReplace: true },
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
