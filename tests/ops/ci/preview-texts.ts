/** What the engine prints for a change that removes a claim. */
const service = "urn:pulumi:dev::cluster-storage::cluster-storage:index:StatefulService";
export const deletion = {
  steps: [
    {
      op: "delete",
      urn: `${service}$kubernetes:core/v1:PersistentVolumeClaim::redis-data`,
      oldState: {
        type: "kubernetes:core/v1:PersistentVolumeClaim",
        id: "local-ai-system/redis-data",
        inputs: {
          metadata: { name: "redis-data", namespace: "local-ai-system", labels: { "app.kubernetes.io/name": "redis" } },
          spec: { resources: { requests: { storage: "1Gi" } } },
        },
      },
    },
  ],
};

export const quiet = "Previewing update (dev):\nResources:\n    133 unchanged\n";
export const broken = `Previewing update (dev):
    cluster-storage@v0.1.0 [mandatory]  protected-claim  (kubernetes:core/v1:PersistentVolumeClaim: \
redis-data)A claim is protected.
PersistentVolumeClaim local-ai-system/redis-data is not protected
error: preview failed
Resources:
    ~ 1 to update
`;
