import type { V1Container, V1CronJob, V1Pod } from "@kubernetes/client-node";
import type { RestoreTask } from "../../model/restore";
import { podOfBackup, restoring } from "../restore/of-backup";
import { drillMetadata, partLabel, type Ground } from "./names";

/** The container of the pod that restores, once all volumes are restored: keys are read in it. */
export const keysContainer = "keys";

export interface Restoring {
  service: string;
  /** The CronJob of the service's backup, as the cluster has it. */
  cronJob: V1CronJob;
  /** What is restored to which claim, one volume after the other. */
  tasks: readonly RestoreTask[];
}

/** The name of the pod that restores a service's volumes. */
export const restoringName = (service: string) => `${service}-restore`;

/** Hours after which nobody waits for a restore any more. */
const longest = 6 * 3600;

/**
 * The pod: that of the service's backup, with the claims, and the program that restores, once for each. Then it waits,
 * for the point's keys to be read in it. Pure.
 */
export function restoringPod(ground: Ground, { service, cronJob, tasks }: Restoring): V1Pod {
  const { spec, container } = podOfBackup(cronJob, service);
  const own = lighter(container);
  const targets = tasks.map((task, index) => ({ name: `target-${index}`, task }));
  const restores = targets.map(({ name, task }) => ({ ...restoring(own, task, name), name: `restore-${name}` }));
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: drillMetadata(ground, restoringName(service), { [partLabel]: "restore" }),
    spec: {
      ...spec,
      terminationGracePeriodSeconds: 0,
      activeDeadlineSeconds: longest,
      initContainers: [...(spec.initContainers ?? []), ...restores],
      containers: [
        {
          ...own,
          name: keysContainer,
          command: ["sleep", String(longest)],
          env: [{ name: "RESTORE", value: JSON.stringify(tasks[0] ?? {}) }, ...(own.env ?? [])],
        },
      ],
      volumes: [
        ...(spec.volumes ?? []),
        ...targets.map(({ name, task }) => ({ name, persistentVolumeClaim: { claimName: task.targetName } })),
      ],
    },
  };
}

/** A backup stages all data on the node's disk, and a restore doesn't. */
function lighter(container: V1Container): V1Container {
  const without = (amounts: Record<string, string> = {}) =>
    Object.fromEntries(Object.entries(amounts).filter(([name]) => name !== "ephemeral-storage"));
  const { requests, limits } = container.resources ?? {};
  return { ...container, resources: { requests: without(requests), limits: without(limits) } };
}
