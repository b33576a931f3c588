import type { JsonObject } from "../../protocol/values";
import { daemonSet } from "./daemon-set";
import { deployment } from "./deployment";
import { ingress } from "./ingress";
import { job } from "./job";
import { pod } from "./pod";
import { isToken, quota, replicationController, secret } from "./plain";
import { service } from "./service";
import { statefulSet } from "./stateful-set";
import type { ReadinessCheck } from "./types";
import { claim, volume } from "./volumes";

/** How an object is waited for. */
export interface Await {
  check: ReadinessCheck;
  /** Default limit in seconds. */
  limit: number;
  /** Whether a refresh checks the readiness too. */
  onRead: boolean;
  /** Which objects of the kind are waited for. Default: all. */
  of?: (object: JsonObject) => boolean;
  /**
   * The official plugin asks for the object again and again, instead of watching it: its limit can't be changed, and an
   * answer that is an error ends the wait.
   */
  polled?: boolean;
  /** The limit counts from the object's last change, so a Job that its controller still changes is waited for on. */
  restarts?: boolean;
}

/** The kinds that the official plugin waits for. Others are ready once they are made. */
export const awaits: Record<string, Await> = {
  "apps/v1/DaemonSet": { check: daemonSet, limit: 600, onRead: true },
  "apps/v1/Deployment": { check: deployment, limit: 600, onRead: true },
  "apps/v1/StatefulSet": { check: statefulSet, limit: 600, onRead: true },
  "batch/v1/Job": { check: job, limit: 600, onRead: true, restarts: true },
  "networking.k8s.io/v1/Ingress": { check: ingress, limit: 600, onRead: true },
  "v1/PersistentVolume": { check: volume, limit: 300, onRead: false, polled: true },
  "v1/PersistentVolumeClaim": { check: claim, limit: 300, onRead: false, polled: true },
  "v1/Pod": { check: pod, limit: 600, onRead: true, restarts: true },
  "v1/ReplicationController": { check: replicationController, limit: 600, onRead: false, polled: true },
  "v1/ResourceQuota": { check: quota, limit: 60, onRead: false, polled: true },
  "v1/Secret": { check: secret, limit: 5, onRead: false, polled: true, of: isToken },
  "v1/Service": { check: service, limit: 600, onRead: true },
};
