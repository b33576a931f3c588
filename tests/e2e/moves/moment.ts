import { globSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { V1Deployment, V1StatefulSet } from "@kubernetes/client-node";
import { movedAnnotation, movingAnnotation } from "../../../model/metadata";
import { ifFound, type Kube } from "../../../kube/client";
import type { Step } from "./draw";
import type { Subject } from "./subjects";
import type { WorkloadRef } from "../../../kube/pods";

/** A move that is being watched. */
export interface Watched {
  kube: Kube;
  subject: Subject;
  job: string;
  target: string;
}

/** Waits until a step of a move has begun; false where the update ended before. */
export async function begun(step: Step, watched: Watched, ended: () => boolean): Promise<boolean> {
  while (!(await isAt(step, watched))) {
    if (ended()) return false;
    await delay(100);
  }
  return true;
}

async function isAt(step: Step, { kube, subject: { ref }, job, target }: Watched): Promise<boolean> {
  const { namespace } = ref;
  const copyPod = { name: `${job}-copy`, namespace };
  switch (step) {
    case "claim":
    case "any":
      return true;
    case "stop":
      return (await workloadOf(kube, ref))?.metadata?.annotations?.[movingAnnotation] === job;
    case "replace": {
      const workload = await workloadOf(kube, ref);
      return !workload || workload.metadata?.deletionTimestamp !== undefined;
    }
    case "copy":
      return (await ifFound(kube.core.readNamespacedPod(copyPod)))?.status?.phase === "Running";
    case "check":
      return (
        /"phase":"check"|"result"/.test((await kube.core.readNamespacedPodLog(copyPod).catch(() => "")) ?? "") ||
        isAt("switch", { kube, subject: { ref } as Subject, job, target })
      );
    case "switch": {
      const claim = await ifFound(kube.core.readNamespacedPersistentVolumeClaim({ name: target, namespace }));
      return claim?.metadata?.annotations?.[movedAnnotation] !== undefined;
    }
  }
}

function workloadOf({ apps }: Kube, { kind, workload: name, namespace }: WorkloadRef) {
  return ifFound<V1Deployment | V1StatefulSet>(
    kind === "Deployment"
      ? apps.readNamespacedDeployment({ name, namespace })
      : apps.readNamespacedStatefulSet({ name, namespace }),
  );
}

const programs = ["/mover/main.mjs", "/mover/copy.mjs"];

/** The processes of this host that run the mover's programs, or those that are named, in a namespace's pods. */
export async function moverProcesses(
  { core }: Kube,
  namespace: string,
  named: readonly string[] = programs,
): Promise<number[]> {
  const pods = await core.listNamespacedPod({ namespace, labelSelector: "app.kubernetes.io/component=move" });
  const groups = pods.items.map(({ metadata }) => `/pod${metadata?.uid}/`);
  return processes().filter((pid) => {
    // A copy's command has its program's name within the check of its version.
    const [command, group] = [read(`/proc/${pid}/cmdline`), read(`/proc/${pid}/cgroup`)];
    return named.some((program) => command.includes(program)) && groups.some((name) => group.includes(name));
  });
}

const processes = () => globSync("/proc/[0-9]*").map((directory) => Number(directory.slice("/proc/".length)));

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return ""; // It ended meanwhile.
  }
}
