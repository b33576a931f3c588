import type { Loose } from "../components/recorded";
import type { Judged } from "./judge";

/** Takes a good object and breaks one thing. */
export type Break = (props: Loose, resource: Judged) => void;

function made(type: string, name: string, props: Loose, protect: boolean, change?: Break): Judged {
  const resource: Judged = { type: `kubernetes:${type}`, name, props: structuredClone(props), opts: { protect } };
  change?.(resource.props, resource);
  return resource;
}

/** A claim that every rule is content with. */
export const claim = (change?: Break) =>
  made(
    "core/v1:PersistentVolumeClaim",
    "notes-data",
    {
      metadata: {
        name: "notes-data",
        namespace: "notes",
        annotations: { "cluster-storage/backup": "none: made anew from the wiki" },
      },
      spec: {
        accessModes: ["ReadWriteOnce"],
        storageClassName: "local-path",
        resources: { requests: { storage: "1Gi" } },
      },
    },
    true,
    change,
  );

/** The claim's namespace. */
export const namespace = (change?: Break) =>
  made(
    "core/v1:Namespace",
    "notes",
    { metadata: { name: "notes", labels: { "pod-security.kubernetes.io/enforce": "restricted" } } },
    true,
    change,
  );

/** The claim's class, which is the default. */
export const storageClass = (change?: Break) =>
  made(
    "storage.k8s.io/v1:StorageClass",
    "local-path",
    {
      metadata: { name: "local-path", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
      provisioner: "rancher.io/local-path",
      reclaimPolicy: "Retain",
    },
    false,
    change,
  );

const pod = {
  enableServiceLinks: false,
  containers: [
    {
      name: "notes",
      image: "notes:2.1.0",
      resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "256Mi" } },
      readinessProbe: { tcpSocket: { port: 80 } },
    },
  ],
  volumes: [{ name: "data", persistentVolumeClaim: { claimName: "notes-data" } }],
};

/** A workload with the claim; `change` gets its pod. */
export const deployment = (change?: Break) =>
  made(
    "apps/v1:Deployment",
    "notes",
    { metadata: { name: "notes", namespace: "notes" }, spec: { template: { spec: pod } } },
    false,
    (props, resource) => change?.(props.spec.template.spec, resource),
  );

/** A workload that makes its claims itself; `change` gets its spec. */
export const statefulSet = (change?: Break) =>
  made(
    "apps/v1:StatefulSet",
    "ledger",
    {
      metadata: { name: "ledger", namespace: "notes" },
      spec: {
        template: { spec: { ...pod, volumes: [] } },
        volumeClaimTemplates: [
          {
            metadata: { name: "data", annotations: { "cluster-storage/backup": "nightly" } },
            spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
          },
        ],
        persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
      },
    },
    false,
    (props, resource) => change?.(props.spec, resource),
  );

/** A job that runs at night; `change` gets its pod. */
export const cronJob = (change?: Break) =>
  made(
    "batch/v1:CronJob",
    "tidy",
    { metadata: { name: "tidy", namespace: "notes" }, spec: { jobTemplate: { spec: { template: { spec: pod } } } } },
    false,
    (props, resource) => change?.(props.spec.jobTemplate.spec.template.spec, resource),
  );

/** A volume that was made by hand. */
export const volume = (change?: Break) =>
  made(
    "core/v1:PersistentVolume",
    "archive",
    {
      metadata: { name: "archive" },
      spec: { local: { path: "/srv/archive" }, persistentVolumeReclaimPolicy: "Retain" },
    },
    false,
    change,
  );

export const everything = () => [
  namespace(),
  storageClass(),
  claim(),
  deployment(),
  statefulSet(),
  cronJob(),
  volume(),
];
