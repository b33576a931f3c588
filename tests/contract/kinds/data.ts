import { ConfigMap, PersistentVolumeClaim, Secret } from "@pulumi/kubernetes/core/v1";
import { StorageClass, StorageClassPatch } from "@pulumi/kubernetes/storage/v1";
import { either, labels, type KindCase } from "./case";

/** Settings, secrets, classes and claims. */
export const data: KindCase[] = [
  {
    kind: "ConfigMap",
    update: "labels",
    replace: "data",
    declare: ({ namespace }, options, variant) =>
      void new ConfigMap(
        "ConfigMap",
        {
          metadata: { name: "settings", namespace, labels: labels(variant) },
          data: { key: either(variant, "replace", "2", "1") },
        },
        options,
      ),
  },
  {
    kind: "Secret",
    update: "labels",
    replace: "stringData",
    declare: ({ namespace }, options, variant) =>
      void new Secret(
        "Secret",
        {
          metadata: { name: "credentials", namespace, labels: labels(variant) },
          stringData: { key: either(variant, "replace", "2", "1") },
        },
        options,
      ),
  },
  {
    kind: "StorageClass",
    update: "annotations",
    replace: "parameters",
    declare: ({ prefix }, options, variant) =>
      void new StorageClass(
        "StorageClass",
        {
          metadata: {
            name: prefix,
            annotations: { "storageclass.kubernetes.io/is-default-class": "false", ...labels(variant) },
          },
          provisioner: "contract.test/none",
          parameters: { key: either(variant, "replace", "2", "1") },
        },
        options,
      ),
  },
  {
    kind: "StorageClassPatch",
    update: "annotations",
    replace: "name",
    declare: ({ existingClass }, options, variant) =>
      void new StorageClassPatch(
        "StorageClassPatch",
        {
          metadata: { name: existingClass + either(variant, "replace", "-2", ""), annotations: labels(variant) },
        },
        options,
      ),
  },
  {
    kind: "PersistentVolumeClaim",
    update: "labels",
    replace: "storageClassName",
    declare: ({ namespace, existingClass }, options, variant) =>
      void new PersistentVolumeClaim(
        "PersistentVolumeClaim",
        {
          metadata: { name: "data", namespace, labels: labels(variant) },
          spec: {
            accessModes: ["ReadWriteOnce"],
            storageClassName: existingClass + either(variant, "replace", "-2", ""),
            resources: { requests: { storage: "1Gi" } },
          },
        },
        options,
      ),
  },
];
