import type { types } from "@pulumi/kubernetes";
import type { RenewalPlan, ServicePlan } from "../model/plan";
import { passFields } from "../plan/settings/pod";
import { containerSecurity, podDefaults, resources } from "./pod-defaults";

const amounts = { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "512Mi" } };

/** The pod that sets a new password in a running server's data. `secret` has the values VALUE_1 to VALUE_`newest`. */
export function renewalPod(
  secret: string,
  { identity, container, tls, pod }: ServicePlan,
  { command, host }: RenewalPlan,
  newest: number,
): types.input.core.v1.PodSpec {
  const values = Array.from({ length: newest }, (_, i) => `VALUE_${i + 1}`);
  return {
    ...podDefaults(identity),
    ...passFields(pod),
    restartPolicy: "OnFailure",
    containers: [
      {
        name: "renew",
        image: container.image,
        imagePullPolicy: pod?.imagePullPolicy ?? "IfNotPresent",
        command,
        env: [
          { name: "SERVER", value: host },
          { name: "SCHEME", value: tls ? "bolt+ssc" : "bolt" },
          { name: "NEWEST", value: String(newest) },
          ...values.map((key) => ({ name: key, valueFrom: { secretKeyRef: { name: secret, key } } })),
        ],
        resources: resources(amounts),
        securityContext: containerSecurity(true),
        volumeMounts: [{ name: "scratch", mountPath: "/tmp" }],
      },
    ],
    volumes: [{ name: "scratch", emptyDir: { sizeLimit: "64Mi" } }],
  };
}
