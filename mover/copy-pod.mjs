// @ts-check
import { podName } from "./own-pods.mjs";
import { stackAnnotation } from "./paths.mjs";

/** @import { Move } from "../model/mover.js" */
/** @typedef {import("./api.mjs").KubeObject} KubeObject */
/** @typedef {import("./measure.mjs").CopyTask} CopyTask */
/** @import { Part } from "./own-pods.mjs" */
/** @import { ServeTask } from "./serving.mjs" */

/** Where a pod has the volumes. */
export const mounts = { source: "/source", target: "/target" };

/**
 * A pod that runs the copy program as the service's user. `node`: where the service's pod runs; `beside`: only there,
 * because the volume is in use and another node might not get at it. With a source on another node it is the target's
 * node that counts.
 * @param {Move} move @param {"measure" | "copy"} action @param {{ task: CopyTask, owner: KubeObject, node?: string, beside: boolean }} context
 * @returns {KubeObject}
 */
export function copyPod(move, action, { task, owner, node, beside }) {
  const { across, source, target } = move;
  return podOf(move, action, owner, {
    ...(across ? placedOn(target.node, true) : placedOn(node, beside)),
    program: ["copy.mjs", action],
    env: [{ name: "COPY", value: JSON.stringify(task) }, ...keyOf(move)],
    volumes: [
      ...(across
        ? []
        : [
            {
              name: "source",
              mountPath: task.source,
              readOnly: true,
              volume: { persistentVolumeClaim: { claimName: source.claim, readOnly: true } },
            },
          ]),
      {
        name: "target",
        mountPath: task.target,
        readOnly: action === "measure",
        volume: target.claim ? { persistentVolumeClaim: { claimName: target.claim } } : { emptyDir: {} },
      },
    ],
  });
}

/**
 * A pod that serves the source to a copy pod on another node, where the source is.
 * @param {Move} move @param {{ task: ServeTask, owner: KubeObject, node?: string, beside: boolean }} context
 * @returns {KubeObject}
 */
export function sourcePod(move, { task, owner, node, beside }) {
  return podOf(move, "source", owner, {
    ...placedOn(node, beside),
    program: ["serve.mjs"],
    env: [{ name: "SERVE", value: JSON.stringify(task) }, ...keyOf(move)],
    readinessProbe: { tcpSocket: { port: task.port }, periodSeconds: 1 },
    volumes: [
      {
        name: "source",
        mountPath: task.source,
        readOnly: true,
        volume: { persistentVolumeClaim: { claimName: move.source.claim, readOnly: true } },
      },
    ],
  });
}

/**
 * @param {Move} move @param {Part} part @param {KubeObject} owner
 * @param {{ program: string[], env: KubeObject[], volumes: KubeObject[], affinity?: KubeObject, readinessProbe?: KubeObject }} options
 * @returns {KubeObject}
 */
function podOf(move, part, owner, { program, env, volumes, affinity, readinessProbe }) {
  const [file, ...args] = program;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: podName(move, part),
      namespace: move.namespace,
      labels: labels(move),
      annotations: { [stackAnnotation]: move.owner },
      ownerReferences: [owner],
    },
    spec: {
      restartPolicy: "Never",
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 5,
      securityContext: userOf(move),
      ...(affinity && { affinity }),
      containers: [
        {
          name: "copy",
          image: move.image,
          imagePullPolicy: "IfNotPresent",
          command: ["node", `/mover/${file}`, ...args],
          env,
          ...(readinessProbe && { readinessProbe }),
          resources: {
            requests: { cpu: "50m", memory: "128Mi", "ephemeral-storage": "64Mi" },
            limits: { memory: "1Gi", "ephemeral-storage": "512Mi" },
          },
          securityContext: {
            allowPrivilegeEscalation: false,
            capabilities: { drop: ["ALL"] },
            readOnlyRootFilesystem: true,
          },
          volumeMounts: [
            { name: "mover", mountPath: "/mover", readOnly: true },
            ...volumes.map(({ volume: _, ...mount }) => mount),
          ],
        },
      ],
      volumes: [
        { name: "mover", configMap: { name: move.scripts } },
        ...volumes.map(({ name, volume }) => ({ name, ...volume })),
      ],
    },
  };
}

/** What two pods know each other by. @param {Move} move */
const keyOf = ({ across }) =>
  across ? [{ name: "KEY", valueFrom: { secretKeyRef: { name: across.secret, key: across.key } } }] : [];

/**
 * Not the service's name: its own Service, policies and controllers must not take the pod for theirs. @param {Move}
 * move
 */
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
  return {
    runAsNonRoot: true,
    runAsUser: uid,
    runAsGroup: gid,
    fsGroup: gid,
    fsGroupChangePolicy: "OnRootMismatch",
    seccompProfile: { type: "RuntimeDefault" },
  };
}

/** @param {string | undefined} node @param {boolean} required */
function placedOn(node, required) {
  if (!node) return {};
  const term = { matchFields: [{ key: "metadata.name", operator: "In", values: [node] }] };
  const nodeAffinity = required
    ? { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } }
    : { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, preference: term }] };
  return { affinity: { nodeAffinity } };
}
