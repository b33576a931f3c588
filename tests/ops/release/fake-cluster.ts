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
  /** What the API server refuses, by its verb and kind. */
  readonly refused = new Set<"delete claim" | "note" | "give up">();
  /** Called when a claim was deleted, or its deletion refused. */
  afterDelete = () => {};
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
    const allow = (what: "delete claim" | "note" | "give up") => {
      if (this.refused.has(what)) throw new ApiException(403, "HTTP-Code: 403", `{"message":"may not ${what}"}`, {});
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
          if (this.refused.has("delete claim")) this.afterDelete();
          allow("delete claim");
          this.changes.push(`delete claim ${name} ${body.preconditions.uid}`);
          const volume = `pvc-${name}`;
          if (this.volumes.get(volume)?.spec?.persistentVolumeReclaimPolicy === "Delete") this.volumes.delete(volume);
          this.claims.delete(name);
          this.afterDelete();
        },
        patchPersistentVolume: async ({ name, body: [test, change] }: { name: string; body: { value: string }[] }) => {
          allow("give up");
          const { claimRef } = this.volumes.get(name)!.spec!;
          if (claimRef?.uid !== test!.value) throw new ApiException(422, "the server rejected our request", "", {});
          this.changes.push(`give volume ${name} up: ${change!.value}`);
          this.volumes.delete(name);
        },
      },
      apps: { readNamespacedDeployment: async () => ({ metadata: { name: "redis" }, spec: { template: template() } }) },
      objects: {
        patch: async ({ metadata }: { metadata: { name: string; annotations: Record<string, string | null> } }) => {
          allow("note");
          const [[, note] = []] = Object.entries(metadata.annotations);
          this.changes.push(`note on volume ${metadata.name} ${note ?? "taken away"}`);
          const { annotations = {} } = this.volumes.get(metadata.name)!.metadata!;
          if (note === null) delete annotations["cluster-storage/releasing"];
          else annotations["cluster-storage/releasing"] = note!;
        },
      },
    } as unknown as Kube;
  };
}
