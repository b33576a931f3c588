/* What an update would have the cluster run, as far as the cluster's own rules judge it. Types only. */

export interface PlannedContainer {
  name: string;
  resources?: { requests?: Record<string, string>; limits?: Record<string, string> };
}

/** A pod's spec, as far as quotas and limit ranges go; it is a whole one. */
export interface PlannedPodSpec {
  containers: PlannedContainer[];
  initContainers?: PlannedContainer[];
  activeDeadlineSeconds?: number;
  priorityClassName?: string;
  serviceAccountName?: string;
}

/** A pod that an update makes, or that something of it makes later. */
export interface PlannedPod {
  /** For people: `the pod of redis`. */
  what: string;
  namespace: string;
  labels: Record<string, string>;
  annotations?: Record<string, string>;
  spec: PlannedPodSpec;
  /** The service whose own pod it is: it runs as long as the service does. Absent: it runs for a while only. */
  service?: string;
  /** The backend that it belongs to; absent for what belongs to services. */
  backend?: string;
  /** The workload or job that makes it, where the update makes that itself. */
  madeBy?: { path: string; manifest: { apiVersion: string; kind: string; metadata: { name: string } } & object };
}
