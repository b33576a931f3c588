import type { types } from "@pulumi/kubernetes";
import { cleanupArgs } from "../model/cleanup";
import type { CleanupPlan, ServicePlan } from "../model/plan";
import { passFields } from "../plan/settings/pod";
import { containerSecurity, podDefaults, resources } from "./pod-defaults";

const small = { requests: { cpu: "10m", memory: "64Mi" }, limits: { memory: "256Mi" } };
const directory = "/files";

/** The pod that removes old files from a service's claim. `program`: the text of its program. */
export const cleanupPod = (
  { identity, pod }: ServicePlan,
  { claim, olderThanDays }: CleanupPlan,
  image: string,
  program: string,
): types.input.core.v1.PodSpec => ({
  ...podDefaults(identity),
  ...passFields(pod),
  restartPolicy: "Never",
  containers: [
    {
      name: "cleanup",
      image,
      imagePullPolicy: "IfNotPresent",
      command: ["node", "--input-type=module", "--eval", program, "--"],
      args: cleanupArgs("remove", directory, olderThanDays),
      resources: resources(small),
      securityContext: containerSecurity(true),
      volumeMounts: [{ name: "files", mountPath: directory }],
    },
  ],
  volumes: [{ name: "files", persistentVolumeClaim: { claimName: claim } }],
});
