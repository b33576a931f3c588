import type { NodeAffinity } from "../../model/move-places";

/** The parts of the cluster's objects that a move reads, as the API server returns them. Types only. */

export interface Metadata {
  name: string;
  namespace?: string;
  uid: string;
  resourceVersion: string;
  generation: number;
  creationTimestamp: string;
  deletionTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  managedFields?: { manager?: string }[];
}

interface Named {
  metadata: Metadata;
}

export interface Mount {
  name: string;
  mountPath: string;
}

export interface Container {
  name: string;
  resources?: object;
  volumeMounts?: Mount[];
}

export interface Volume {
  name: string;
  emptyDir?: { sizeLimit?: string };
  persistentVolumeClaim?: { claimName: string };
}

export interface PodSpec {
  containers: Container[];
  initContainers?: Container[];
  volumes?: Volume[];
  nodeName?: string;
  nodeSelector?: Record<string, string>;
  affinity?: { nodeAffinity?: NodeAffinity };
}

export interface PodTemplate {
  metadata?: { labels?: Record<string, string> };
  spec: PodSpec;
}

export interface Terminated {
  exitCode: number;
  reason?: string;
  message?: string;
}

interface ContainerState {
  waiting?: { reason: string; message?: string };
  running?: object;
  terminated?: Terminated;
}

interface ContainerStatus {
  name: string;
  containerID?: string;
  started?: boolean;
  restartCount?: number;
  state?: ContainerState;
  lastState?: ContainerState;
}

export interface PodStatus {
  phase?: string;
  podIP?: string;
  message?: string;
  reason?: string;
  conditions?: { type: string; status: string; reason?: string; message?: string }[];
  containerStatuses?: ContainerStatus[];
  initContainerStatuses?: ContainerStatus[];
}

export interface Pod extends Named {
  spec: PodSpec;
  status?: PodStatus;
}

interface ClaimSpec {
  accessModes?: string[];
  storageClassName?: string;
  volumeName?: string;
  resources?: { requests?: { storage?: string } };
}

export interface Claim extends Named {
  spec: ClaimSpec;
  status?: { phase?: string };
}

export interface WorkloadSpec {
  replicas: number;
  selector: { matchLabels: Record<string, string> };
  template: PodTemplate;
  volumeClaimTemplates?: { metadata: { name: string }; spec: ClaimSpec }[];
  persistentVolumeClaimRetentionPolicy?: { whenDeleted?: string };
}

/** A Deployment or a StatefulSet. */
export interface Workload extends Named {
  apiVersion?: string;
  kind?: string;
  spec: WorkloadSpec;
  status?: { observedGeneration?: number; replicas?: number; readyReplicas?: number; updatedReplicas?: number };
}

/** What is needed to make a workload again. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: Pick<Metadata, "name" | "namespace" | "labels" | "annotations">;
  spec: WorkloadSpec;
}

export type Job = Named;

export interface Warning {
  reason?: string;
  message?: string;
  lastTimestamp?: string | null;
  eventTime?: string | null;
  metadata?: { creationTimestamp?: string };
}
