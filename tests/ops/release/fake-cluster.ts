import { ApiException, type V1PersistentVolume, type V1PersistentVolumeClaim } from "@kubernetes/client-node";
import type { Kube } from "../../../kube/client";

/**
 * Has claims and volumes by name, and pods by the claim that they use. A claim takes its volume along if the volume's
 * policy says so.
 */
export class FakeCluster {
  readonly changes: string[] = [];
  readonly claims = new Map<string, V1PersistentVolumeClaim>();
  readonly volumes = new Map<string, V1PersistentVolume>();
  readonly pods = new Map<string, string>();
  /** The claim that the service's Deployment uses. */
  inUse = "";
  /** Called after everything that a release reads was read once. */
  meanwhile = () => {};

  /** Adds a claim of the stack on a volume that a provisioner made. */
  add(name: string, annotations: Record<string, string> = {}): void {
    const volumeName = `pvc-${name}`;
    const uid = `uid of ${name}`;
    this.claims.set(name, {
      metadata: { name, uid, annotations: { "cluster-storage/stack": "cluster-storage/dev", ...annotations } },
      spec: { volumeName },
    });
    const claimRef = { name, namespace: "local-ai-system", uid };
    this.volumes.set(volumeName, {
      metadata: { name: volumeName, annotations: { "pv.kubernetes.io/provisioned-by": "x" } },
      spec: { claimRef, persistentVolumeReclaimPolicy: "Retain" },
    });
  }

  readonly connect = (): Kube => {
    const found = async <T>(all: ReadonlyMap<string, T>, name: string) => {
      if (!all.has(name)) throw new ApiException(404, "not found", undefined, {});
      return structuredClone(all.get(name));
    };
    const template = () => ({
      spec: { volumes: [{ name: "redis-data", persistentVolumeClaim: { claimName: this.inUse } }] },
    });
    return {
      core: {
        listNamespace: async () => ({}),
        listNamespacedPod: async () => ({
          items: [...this.pods].map(([name, claimName]) => ({
            metadata: { name },
            spec: { volumes: [{ persistentVolumeClaim: { claimName } }] },
          })),
        }),
        listPersistentVolume: async () => ({ items: [...this.volumes.values()] }),
        readNamespacedPersistentVolumeClaim: ({ name }: { name: string }) => found(this.claims, name),
        readPersistentVolume: async ({ name }: { name: string }) => {
          const volume = await found(this.volumes, name);
          this.meanwhile();
          return volume;
        },
        deleteNamespacedPersistentVolumeClaim: async ({
          name,
          body,
        }: {
          name: string;
          body: { preconditions: { uid: string } };
        }) => {
          this.changes.push(`delete claim ${name} ${body.preconditions.uid}`);
          const volume = `pvc-${name}`;
          if (this.volumes.get(volume)?.spec?.persistentVolumeReclaimPolicy === "Delete") this.volumes.delete(volume);
          this.claims.delete(name);
        },
      },
      apps: { readNamespacedDeployment: async () => ({ metadata: { name: "redis" }, spec: { template: template() } }) },
      objects: {
        patch: async ({ metadata, spec }: { metadata: { name: string }; spec: object }) => {
          this.changes.push(`patch volume ${metadata.name} ${JSON.stringify(spec)}`);
          Object.assign(this.volumes.get(metadata.name)!.spec!, spec);
        },
      },
    } as unknown as Kube;
  };
}
