import { metadata, stackLabels } from "../../model/metadata";
import type { Owner } from "../../model/plan";
import type { NewImage } from "../../plan/new-images";
import { placeFields } from "../../plan/settings/pod";

/** Seconds that a kubelet may take to pull a large image. The job ends by itself then. */
export const patience = 900;

/**
 * A job whose pod needs nothing but the image, as its service's own pod would get it: on the same node, with the same
 * account and so the same pull secrets. It removes itself, also where whoever made it was killed.
 */
export function imageJob(owner: Owner, { service, namespace, image, identity, pod, node }: NewImage) {
  const meta = metadata(owner, `${service}-image`, "image-probe", `${service}-image`, namespace);
  const { name, ...rest } = meta;
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { ...rest, generateName: `${name}-` },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: patience,
      ttlSecondsAfterFinished: 60,
      template: {
        metadata: { labels: meta.labels },
        spec: {
          ...placeFields(pod, stackLabels(owner)),
          ...(node !== undefined && { nodeName: node }),
          serviceAccountName: service,
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          restartPolicy: "Never",
          terminationGracePeriodSeconds: 0,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: identity.uid,
            runAsGroup: identity.gid,
            seccompProfile: { type: "RuntimeDefault" },
          },
          containers: [
            {
              name: "image",
              image,
              imagePullPolicy: pod?.imagePullPolicy ?? "IfNotPresent",
              command: ["true"],
              resources: {
                requests: { cpu: "1m", memory: "16Mi", "ephemeral-storage": "1Mi" },
                // Also a limit of cpu, for a quota that counts it.
                limits: { cpu: "100m", memory: "64Mi", "ephemeral-storage": "64Mi" },
              },
              securityContext: {
                allowPrivilegeEscalation: false,
                capabilities: { drop: ["ALL"] },
                readOnlyRootFilesystem: true,
              },
            },
          ],
        },
      },
    },
  };
}
