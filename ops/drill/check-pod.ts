import type { V1Container, V1Pod } from "@kubernetes/client-node";
import { drillMetadata, partLabel, type Ground } from "./names";

/** The pod that checks the files of a copy that was stopped. Pure. */

/** Seconds after which nobody waits for a check any more. */
const longest = 6 * 3600;

/** The name of the pod that checks what the pod of that name has left. */
export const checkingName = (pod: string) => `${pod}-check`;

/**
 * The copy's own pod, with `command` in the place of its program: the same image, user and volumes. It has no labels of
 * the service's, so that nobody finds it for the service.
 */
export function checkingPod(ground: Ground, copy: V1Pod, container: string, command: string[]): V1Pod {
  const { initContainers: _, containers = [], ...spec } = copy.spec ?? { containers: [] };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: drillMetadata(ground, checkingName(copy.metadata?.name ?? ""), { [partLabel]: "check" }),
    spec: {
      ...spec,
      restartPolicy: "Never",
      terminationGracePeriodSeconds: 0,
      activeDeadlineSeconds: longest,
      containers: containers.filter(({ name }) => name === container).map((own) => checking(own, command)),
    },
  };
}

function checking(container: V1Container, command: string[]): V1Container {
  const {
    args: _args,
    ports: _ports,
    lifecycle: _lifecycle,
    startupProbe: _startup,
    readinessProbe: _readiness,
    livenessProbe: _liveness,
    ...own
  } = container;
  return { ...own, command };
}
