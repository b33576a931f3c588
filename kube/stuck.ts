import type { CoreV1Event, V1ContainerStatus, V1Pod } from "@kubernetes/client-node";

/**
 * Says in one line what keeps a pod from being Ready. `events`: the pod's warnings, or its workload's
 * where there is no pod.
 */
export function stuckOn(pod: V1Pod | undefined, events: readonly CoreV1Event[]): string {
  const warning = latest(events);
  if (!pod) return warning ? `there is no pod; ${warning}` : "there is no pod";
  const reason = containerTrouble(pod) ?? conditionTrouble(pod) ?? `phase ${pod.status?.phase ?? "unknown"}`;
  const line = `pod ${pod.metadata?.name ?? ""}: ${reason}`;
  return warning && !line.includes(warning) ? `${line}; ${warning}` : line;
}

/** A pod's state in a word or two, as `kubectl get pods` has it: Running, Pending, CrashLoopBackOff … */
export function podState(pod: V1Pod): string {
  if (pod.metadata?.deletionTimestamp) return "Terminating";
  const waiting = statuses(pod).find(({ state }) => state?.waiting?.reason)?.state?.waiting?.reason;
  return waiting ?? pod.status?.phase ?? "unknown";
}

function containerTrouble(pod: V1Pod): string | undefined {
  for (const { name, state, ready, lastState } of statuses(pod)) {
    const ended = state?.terminated ?? lastState?.terminated;
    const exit = ended ? ` (last exit code ${ended.exitCode}${ended.reason ? `, ${ended.reason}` : ""})` : "";
    if (state?.waiting) {
      const message = state.waiting.message ? `: ${firstLine(state.waiting.message)}` : "";
      return `container ${name} is waiting, ${state.waiting.reason ?? "no reason given"}${message}${exit}`;
    }
    if (state?.terminated && state.terminated.exitCode !== 0) return `container ${name} ended${exit}`;
    if (state?.running && !ready) return `container ${name} runs and its readiness probe doesn't pass${exit}`;
  }
  return undefined;
}

function conditionTrouble(pod: V1Pod): string | undefined {
  const failing = pod.status?.conditions?.find(({ status, message }) => status === "False" && message);
  return failing ? `${failing.reason ?? failing.type}: ${firstLine(failing.message ?? "")}` : undefined;
}

function statuses(pod: V1Pod): V1ContainerStatus[] {
  return [
    ...(pod.status?.initContainerStatuses ?? []).filter(
      ({ state }) => !state?.terminated || state.terminated.exitCode !== 0,
    ),
    ...(pod.status?.containerStatuses ?? []),
  ];
}

function latest(events: readonly CoreV1Event[]): string | undefined {
  const time = (event: CoreV1Event) =>
    new Date(event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp ?? 0).getTime();
  const newest = [...events].sort((a, b) => time(b) - time(a))[0];
  return newest ? `${newest.reason ?? "warning"}: ${firstLine(newest.message ?? "")}` : undefined;
}

function firstLine(text: string): string {
  return text.split("\n")[0]?.trim() ?? "";
}
