// @ts-check
import { stackAnnotation } from "./paths.mjs";

/** @import { Move } from "./types.d.ts" */
/** @typedef {import("./api.mjs").KubeObject} KubeObject */
/** @typedef {import("./measure.mjs").CopyTask} CopyTask */

/** @param {Move} move @param {"measure" | "copy"} action */
export const podName = ({ job }, action) => `${job}-${action}`;

/**
 * A pod that runs the copy program as the service's user. `node`: where the service's pod runs; `beside`: only there,
 * because the volume is in use and another node might not get at it.
 * @param {Move} move @param {"measure" | "copy"} action @param {{ task: CopyTask, owner: KubeObject, node?: string, beside: boolean }} context
 * @returns {KubeObject}
 */
export function copyPod(move, action, { task, owner, node, beside }) {
  const name = podName(move, action);
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: move.namespace, labels: labels(move), annotations: { [stackAnnotation]: move.owner }, ownerReferences: [owner] },
    spec: {
      restartPolicy: "Never",
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 5,
      securityContext: userOf(move),
      ...(node && { affinity: { nodeAffinity: nodeAffinity(node, beside) } }),
      containers: [
        {
          name: "copy",
          image: move.image,
          imagePullPolicy: "IfNotPresent",
          command: ["node", "/mover/copy.mjs", action],
          env: [{ name: "COPY", value: JSON.stringify(task) }],
          resources: { requests: { cpu: "50m", memory: "128Mi", "ephemeral-storage": "64Mi" }, limits: { memory: "1Gi", "ephemeral-storage": "512Mi" } },
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] }, readOnlyRootFilesystem: true },
          volumeMounts: [
            { name: "mover", mountPath: "/mover", readOnly: true },
            { name: "source", mountPath: task.source, readOnly: true },
            { name: "target", mountPath: task.target, readOnly: action === "measure" },
          ],
        },
      ],
      volumes: [
        { name: "mover", configMap: { name: move.scripts } },
        { name: "source", persistentVolumeClaim: { claimName: move.source.claim, readOnly: true } },
        { name: "target", ...(move.target.claim ? { persistentVolumeClaim: { claimName: move.target.claim } } : { emptyDir: {} }) },
      ],
    },
  };
}

/** Not the service's name: its own Service, policies and controllers must not take the pod for theirs. @param {Move} move */
function labels({ service, owner }) {
  const [project = ""] = owner.split("/");
  return {
    "app.kubernetes.io/name": `${service}-move`,
    "app.kubernetes.io/instance": owner.replace("/", "-"),
    "app.kubernetes.io/component": "move",
    "app.kubernetes.io/part-of": project,
    "app.kubernetes.io/managed-by": "cluster-storage",
  };
}

/** @param {Move} move */
function userOf({ identity: { uid, gid } }) {
  return { runAsNonRoot: true, runAsUser: uid, runAsGroup: gid, fsGroup: gid, fsGroupChangePolicy: "OnRootMismatch", seccompProfile: { type: "RuntimeDefault" } };
}

/** @param {string} node @param {boolean} required */
function nodeAffinity(node, required) {
  const term = { matchFields: [{ key: "metadata.name", operator: "In", values: [node] }] };
  return required
    ? { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } }
    : { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, preference: term }] };
}
