import { version } from "./gather-fixtures";

/** One object of each kind that preflight reads, by the path that it is listed at. */
export const oneOfEach = {
  ...version,
  "/api/v1/nodes": {
    items: [
      {
        metadata: { name: "a", labels: { x: "y" } },
        spec: { unschedulable: true, taints: [{ key: "t", effect: "NoSchedule" }] },
        status: {
          addresses: [
            { type: "Hostname", address: "a" },
            { type: "InternalIP", address: "10.0.0.7" },
          ],
          conditions: [{ type: "Ready", status: "True" }],
          capacity: { cpu: "2" },
          allocatable: { cpu: "1900m" },
          nodeInfo: { kubeletVersion: "v1.35.0", osImage: "Talos (v1.13.0)", kernelVersion: "6.12" },
        },
      },
    ],
  },
  "/api/v1/nodes/a/proxy/stats/summary": {
    node: { fs: { capacityBytes: 100, availableBytes: 40 } },
    pods: [
      {
        volume: [
          { name: "config" },
          { capacityBytes: 50, availableBytes: 5, pvcRef: { name: "redis-data", namespace: "cache" } },
        ],
      },
      {},
    ],
  },
  "/api/v1/namespaces/kube-system/pods?labelSelector=tier%3Dcontrol-plane": {
    items: [
      {
        metadata: { name: "etcd-a" },
        spec: { containers: [{ command: ["etcd", "--encryption-provider-config=no"] }] },
      },
      {
        metadata: { name: "kube-apiserver-a" },
        spec: {
          containers: [{ command: ["/usr/local/bin/kube-apiserver"], args: ["--encryption-provider-config=/x"] }],
        },
      },
      { metadata: { name: "kube-apiserver-b" }, spec: { containers: [{ command: ["kube-apiserver", "--v=2"] }] } },
    ],
  },
  "/apis/storage.k8s.io/v1/storageclasses": {
    items: [
      {
        metadata: {
          name: "old",
          annotations: {
            "storageclass.beta.kubernetes.io/is-default-class": "true",
            "cluster-storage/stack": "p/dev",
          },
        },
        provisioner: "x",
      },
    ],
  },
  "/api/v1/persistentvolumeclaims": {
    items: [
      {
        metadata: {
          name: "redis-data",
          namespace: "cache",
          uid: "0815",
          creationTimestamp: "2026-01-01T00:00:00Z",
        },
        spec: {
          storageClassName: "old",
          volumeName: "pv",
          accessModes: ["ReadWriteOnce"],
          resources: { requests: { storage: "2Gi" } },
        },
        status: { phase: "Bound", capacity: { storage: "3Gi" } },
      },
    ],
  },
  "/api/v1/persistentvolumes": {
    items: [
      {
        metadata: {
          name: "pv",
          creationTimestamp: "2026-01-01T00:00:00Z",
          deletionTimestamp: "2026-01-02T00:00:00Z",
          annotations: { "pv.kubernetes.io/provisioned-by": "x" },
        },
        spec: {
          persistentVolumeReclaimPolicy: "Delete",
          storageClassName: "old",
          capacity: { storage: "2Gi" },
          accessModes: ["ReadWriteOnce"],
          local: { path: "/d/pv" },
          claimRef: { namespace: "cache", name: "redis-data", uid: "0815" },
          nodeAffinity: {
            required: {
              nodeSelectorTerms: [
                { matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: ["a"] }] },
              ],
            },
          },
        },
        status: { phase: "Bound" },
      },
    ],
  },
  "/apis/apps/v1/daemonsets": {
    items: [
      {
        metadata: { name: "agent", namespace: "k" },
        spec: { template: { spec: { containers: [{ image: "a:1" }, { image: "b:1" }] } } },
      },
    ],
  },
  "/apis/longhorn.io": { preferredVersion: { version: "v1beta2" } },
  "/apis/longhorn.io/v1beta2/volumes": { items: [{ metadata: { name: "pvc-1", namespace: "storage" } }] },
  "/apis/apps/v1/deployments": {
    items: [
      {
        metadata: { name: "web", namespace: "w" },
        spec: { template: { spec: { containers: [{ image: "nginx:1" }] } } },
      },
      {
        metadata: { name: "stock", namespace: "k" },
        spec: {
          replicas: 1,
          template: {
            spec: {
              containers: [
                { image: "rancher/local-path-provisioner:v0.0.31", command: ["local-path-provisioner", "start"] },
              ],
            },
          },
        },
      },
      {
        metadata: { name: "named", namespace: "k" },
        spec: {
          replicas: 0,
          template: {
            spec: {
              containers: [
                {
                  image: "own:1",
                  command: ["local-path-provisioner"],
                  args: ["start", "--provisioner-name", "rancher.io/fast"],
                },
              ],
            },
          },
        },
      },
    ],
  },
  "/apis/storage.k8s.io/v1/csidrivers": { items: null },
  "/apis/apiextensions.k8s.io/v1/customresourcedefinitions": {
    items: [{ metadata: { name: "volumes.longhorn.io" } }],
  },
  "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations": { items: [{ metadata: { name: "v" } }] },
  "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations": { items: [{ metadata: { name: "m" } }] },
  "/api/v1/namespaces": {
    items: [
      {
        metadata: { name: "cache", labels: { l: "1" }, annotations: { "cluster-storage/stack": "p/dev" } },
        status: { phase: "Terminating" },
      },
    ],
  },
  "/api/v1/resourcequotas": {
    items: [
      { metadata: { name: "q", namespace: "cache" }, spec: { hard: { persistentvolumeclaims: "3" } }, status: {} },
    ],
  },
  "/api/v1/limitranges": {
    items: [
      {
        metadata: { name: "l", namespace: "cache" },
        spec: { limits: [{ type: "PersistentVolumeClaim", max: { storage: "1Gi" } }, { type: "Pod" }] },
      },
    ],
  },
};
