import type { V1Pod } from "@kubernetes/client-node";
import { lookPath, lookScript } from "./listing";

/** On the pods that look at a volume; no Service and no workload picks it. */
export const lookLabel = "app.kubernetes.io/name=cluster-storage-look";

export interface LookAt {
  namespace: string;
  claim: string;
  image: string;
  uid: number;
  gid: number;
  /** Names of Secrets in the namespace by which the image is got. */
  imagePullSecrets?: string[];
  /** The node that the volume is in use on; the scheduler's choice where absent. */
  node?: string;
}

/**
 * A pod that lists a claim's files and ends. The volume is mounted read-only, and without a group: for one the kubelet
 * would change the files.
 */
export function lookPod({ namespace, claim, image, uid, gid, imagePullSecrets, node }: LookAt): V1Pod {
  const [key = "", value = ""] = lookLabel.split("=");
  return {
    metadata: { generateName: "cluster-storage-look-", namespace, labels: { [key]: value } },
    spec: {
      ...(node !== undefined && { nodeName: node }),
      restartPolicy: "Never",
      activeDeadlineSeconds: 180,
      terminationGracePeriodSeconds: 0,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      tolerations: [{ operator: "Exists" }],
      ...(imagePullSecrets && { imagePullSecrets: imagePullSecrets.map((name) => ({ name })) }),
      securityContext: {
        runAsNonRoot: true,
        runAsUser: uid,
        runAsGroup: gid,
        seccompProfile: { type: "RuntimeDefault" },
      },
      containers: [
        {
          name: "look",
          image,
          imagePullPolicy: "IfNotPresent",
          command: ["sh", "-c", lookScript],
          volumeMounts: [{ name: "seen", mountPath: lookPath, readOnly: true }],
          resources: {
            requests: { cpu: "10m", memory: "16Mi", "ephemeral-storage": "16Mi" },
            limits: { cpu: "500m", memory: "128Mi", "ephemeral-storage": "64Mi" },
          },
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"] },
          },
        },
      ],
      volumes: [{ name: "seen", persistentVolumeClaim: { claimName: claim } }],
    },
  };
}
