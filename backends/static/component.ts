import { PersistentVolume } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import type { PersistentVolumePlan, StaticInstall } from "./volumes";
import { hostnameLabel } from "../../model/nodes";
import { canonical } from "../../model/quantity";
import { metadata } from "../../model/metadata";
import type { InstallArgs } from "../../model/installer";

/** PersistentVolumes for existing directories. Each is reserved for its claim. */
export class StaticVolumes extends pulumi.ComponentResource {
  constructor(name: string, { owner, install }: InstallArgs<StaticInstall>, opts?: pulumi.ComponentResourceOptions) {
    super("cluster-storage:index:StaticVolumes", name, {}, opts);
    for (const volume of install.volumes) {
      const { name, service, protect } = volume;
      const meta = metadata(owner, service, "volume", name);
      new PersistentVolume(
        name,
        { metadata: meta, spec: volumeSpec(volume) },
        { parent: this, protect, retainOnDelete: protect },
      );
    }
    this.registerOutputs();
  }
}

function volumeSpec({ node, path, size, accessMode, claim }: PersistentVolumePlan) {
  return {
    capacity: { storage: canonical(size) },
    accessModes: [accessMode],
    volumeMode: "Filesystem",
    persistentVolumeReclaimPolicy: "Retain",
    // The volume needs no class, because the claim names it.
    storageClassName: "",
    // Otherwise any claim without a class could take the volume.
    claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", ...claim },
    // With this type, a missing directory keeps the pod from starting. The directory is not made anew.
    local: { path },
    nodeAffinity: {
      required: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: hostnameLabel, operator: "In", values: [node] }] }],
      },
    },
  };
}
