import type { V1Container, V1EnvVar, V1Pod, V1PodSecurityContext, V1PodSpec, V1Volume } from "@kubernetes/client-node";
import { copyAmounts } from "../../model/copy-amounts";
import { stackAnnotation } from "../../model/metadata";
import type { CopyTask, Move, ServeTask } from "../../model/mover";
import { podName, type OwnerReference, type Part } from "./own-pods";
import { placedOn } from "./places";
import { commandOf } from "./same-version";

/** Where the volumes are mounted in a pod. */
export const mounts = { source: "/source", target: "/target" };

/** Where a pod of the move should run. */
export interface Place {
  /** The node on which the service's pod runs. */
  node?: string;
  /** The pod may run only there, because the volume is in use and another node might not be able to mount it. */
  beside: boolean;
}

export interface CopyPodOptions<Task> extends Place {
  task: Task;
  owner: OwnerReference;
  /** Of the mover's programs that the pod may run. Default: any. */
  version: string | undefined;
}

/**
 * A pod that runs the copy program as the service's user. If the source is on another node, the target's node counts
 * instead of the service's.
 */
export function copyPod(
  move: Move,
  action: "measure" | "copy",
  { task, owner, version, node, beside }: CopyPodOptions<CopyTask>,
): V1Pod {
  const { across, source, target } = move;
  return podOf(move, action, owner, {
    ...(across ? placedOn(target.node, true, move.places) : placedOn(node, beside, move.places)),
    command: commandOf(version, ["copy.mjs", action]),
    env: [{ name: "COPY", value: JSON.stringify(task) }, ...keyOf(move)],
    volumes: [
      ...(across ? [] : [sourceVolume(source.claim, task.source)]),
      {
        name: "target",
        mountPath: task.target,
        readOnly: action === "measure",
        volume: target.claim ? { persistentVolumeClaim: { claimName: target.claim } } : { emptyDir: {} },
      },
    ],
  });
}

/** A pod that serves the source to a copy pod on another node, where the source is. */
export function sourcePod(move: Move, { task, owner, version, node, beside }: CopyPodOptions<ServeTask>): V1Pod {
  return podOf(move, "source", owner, {
    ...placedOn(node, beside),
    command: commandOf(version, ["serve.mjs"]),
    env: [{ name: "SERVE", value: JSON.stringify(task) }, ...keyOf(move)],
    readinessProbe: { tcpSocket: { port: task.port }, periodSeconds: 1 },
    volumes: [sourceVolume(move.source.claim, task.source)],
  });
}

/** What a pod mounts. */
export interface Mounted {
  name: string;
  mountPath: string;
  readOnly: boolean;
  volume: Omit<V1Volume, "name">;
}

const sourceVolume = (claimName = "", mountPath: string): Mounted => ({
  name: "source",
  mountPath,
  readOnly: true,
  volume: { persistentVolumeClaim: { claimName, readOnly: true } },
});

interface PodOptions extends Pick<V1PodSpec, "affinity" | "initContainers">, Pick<V1Container, "readinessProbe"> {
  command: string[];
  env: V1EnvVar[];
  volumes: Mounted[];
}

/** A pod of the move that runs as the service's user. */
export function podOf(move: Move, part: Part, owner: OwnerReference, options: PodOptions): V1Pod {
  const { volumes, affinity, initContainers } = options;
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
      ...move.passes,
      ...(affinity && { affinity }),
      ...(initContainers && { initContainers }),
      containers: [container(move, options)],
      volumes: [
        { name: "mover", configMap: { name: move.scripts } },
        ...volumes.map(({ name, volume }) => ({ name, ...volume })),
      ],
    },
  };
}

/** What Pod Security `restricted` asks of a container. */
export const restricted = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  readOnlyRootFilesystem: true,
};

function container({ image }: Move, { command, env, volumes, readinessProbe }: PodOptions): V1Container {
  return {
    name: "copy",
    image,
    imagePullPolicy: "IfNotPresent",
    command,
    env,
    ...(readinessProbe && { readinessProbe }),
    resources: copyAmounts,
    securityContext: restricted,
    volumeMounts: [
      { name: "mover", mountPath: "/mover", readOnly: true },
      ...volumes.map(({ volume: _, ...mount }) => mount),
    ],
  };
}

/** The key by which two pods know each other. */
const keyOf = ({ across }: Move): V1EnvVar[] =>
  across ? [{ name: "KEY", valueFrom: { secretKeyRef: { name: across.secret, key: across.key } } }] : [];

/** These labels don't have the service's name, so that its Service, policies and controllers don't select the pod. */
function labels({ service, owner }: Move): Record<string, string> {
  const [project = ""] = owner.split("/");
  return {
    "app.kubernetes.io/name": `${service}-move`,
    "app.kubernetes.io/instance": owner.replace("/", "-"),
    "app.kubernetes.io/component": "move",
    "app.kubernetes.io/part-of": project,
    "app.kubernetes.io/managed-by": "cluster-storage",
  };
}

function userOf({ identity: { uid, gid } }: Move): V1PodSecurityContext {
  return {
    runAsNonRoot: true,
    runAsUser: uid,
    runAsGroup: gid,
    fsGroup: gid,
    fsGroupChangePolicy: "OnRootMismatch",
    seccompProfile: { type: "RuntimeDefault" },
  };
}
