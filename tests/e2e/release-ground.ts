import type { V1PersistentVolume } from "@kubernetes/client-node";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Kube } from "../../kube/client";
import { until } from "./state";

/** A kept volume of redis, and a policy of the API server under which its claim can't be deleted. */

export const namespace = "local-ai-system";
export const name = "redis-data-2";
export const volumeName = "pvc-release-refused";
/** The form that the provisioner's own script accepts. */
export const directoryName = `${volumeName}_${namespace}_${name}`;

/** Refuses, with the status 403, to let this one claim be deleted, as missing rights would. */
export const policy = {
  apiVersion: "admissionregistration.k8s.io/v1",
  kind: "ValidatingAdmissionPolicy",
  metadata: { name: "no-release" },
  spec: {
    failurePolicy: "Fail",
    matchConstraints: {
      resourceRules: [
        {
          apiGroups: [""],
          apiVersions: ["v1"],
          operations: ["DELETE"],
          resources: ["persistentvolumeclaims"],
          resourceNames: [name],
        },
      ],
    },
    validations: [{ expression: "false", reason: "Forbidden", message: "not today" }],
  },
};
export const binding = {
  apiVersion: "admissionregistration.k8s.io/v1",
  kind: "ValidatingAdmissionPolicyBinding",
  metadata: { name: "no-release" },
  spec: { policyName: "no-release", validationActions: ["Deny"] },
};

/** Makes the claim and its volume, with the policy Retain and one file in it, beside the volume in use. */
export async function keptVolume({ core }: Kube, directory: string): Promise<void> {
  const used = await core.readNamespacedPersistentVolumeClaim({ namespace, name: "redis-data" });
  const { metadata, spec } = await core.readPersistentVolume({ name: used.spec!.volumeName! });
  await mkdir(directory);
  await writeFile(join(directory, "kept"), "data");
  const at = (path: string) => join(path, "..", directoryName);
  const { local, hostPath, nodeAffinity } = spec!;
  const body: V1PersistentVolume = {
    metadata: { name: volumeName, annotations: metadata!.annotations },
    spec: {
      accessModes: ["ReadWriteOnce"],
      capacity: { storage: "1Gi" },
      storageClassName: "local-path",
      persistentVolumeReclaimPolicy: "Retain",
      nodeAffinity,
      ...(local && { local: { ...local, path: at(local.path) } }),
      ...(hostPath && { hostPath: { ...hostPath, path: at(hostPath.path) } }),
    },
  };
  await core.createPersistentVolume({ body });
  await core.createNamespacedPersistentVolumeClaim({
    namespace,
    body: {
      metadata: { name, annotations: { "cluster-storage/stack": "cluster-storage/dev" } },
      spec: {
        volumeName,
        storageClassName: "local-path",
        accessModes: ["ReadWriteOnce"],
        resources: { requests: { storage: "1Gi" } },
      },
    },
  });
  const claim = () => core.readNamespacedPersistentVolumeClaim({ namespace, name });
  await until("the kept claim is bound", async () => (await claim()).status?.phase === "Bound");
}
