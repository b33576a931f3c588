import type { ExportRecipe } from "../../model/export-recipe";
import { MoveError } from "../faults";
import { outputOf } from "../leave/exec";
import type { Context } from "./context";
import type { Pod, Workload } from "./objects";

type Reads = Pick<Context, "api" | "paths">;

/**
 * The workload's one pod that runs, with the data of its emptyDir. Throws where there are several: for now, where one
 * takes the other's place.
 */
export async function runningPod(context: Reads, workload: Workload): Promise<Pod | undefined> {
  const pods = (await podsOf(context, workload)).filter(({ status }) => status?.phase === "Running");
  const { name } = workload.metadata;
  if (pods.length > 1 && workload.spec.replicas <= 1)
    throw new MoveError(`${name} has ${pods.length} pods, because one takes the other's place; only one has the data`, {
      transient: true,
    });
  if (pods.length > 1)
    throw new MoveError(`${name} has ${pods.length} pods, each with data of its own; only one can be moved`);
  return pods[0];
}

async function podsOf({ api, paths }: Reads, workload: Workload): Promise<Pod[]> {
  const wanted = Object.entries(workload.spec.selector.matchLabels);
  return (await api.list(paths.pods)).filter(
    ({ metadata }) => !metadata.deletionTimestamp && wanted.every(([key, value]) => metadata.labels?.[key] === value),
  );
}

export async function newestPod(context: Context, workload: Workload): Promise<Pod | undefined> {
  const age = ({ metadata }: Pod) => Date.parse(metadata.creationTimestamp);
  return (await podsOf(context, workload)).toSorted((a, b) => age(b) - age(a))[0];
}

/** Whether the service's container has run, and so may have taken writes there. */
export function hasStarted(pod: Pod | undefined): boolean {
  return (pod?.status?.containerStatuses ?? []).some(
    ({ started, restartCount = 0, state }) =>
      started || restartCount > 0 || state?.running !== undefined || state?.terminated !== undefined,
  );
}

/** Throws where the pod is another now, or its container was restarted: its data may have changed. */
export async function checkSamePod({ api, paths }: Reads, pod: Pod): Promise<void> {
  const now = await api.find(paths.pod(pod.metadata.name));
  if (now?.metadata.uid !== pod.metadata.uid || startsOf(now) !== startsOf(pod))
    throw new MoveError(`pod ${pod.metadata.name} was restarted while its data was copied`, { transient: true });
}

const startsOf = ({ status }: Pick<Pod, "status">) =>
  (status?.containerStatuses ?? []).map(({ containerID }) => containerID).join();

/**
 * Ends the held process in a pod whose data has left it, once its controller has deleted the pod. The process can't end
 * by itself, and the next pod waits for it.
 */
export async function endPod(
  context: Context,
  { metadata: { name, uid } }: Pick<Pod, "metadata">,
  { container, kill }: ExportRecipe,
): Promise<void> {
  const { api, paths } = context;
  if (!kill) return;
  const given = await context.until(
    60_000,
    async () => {
      const pod = await api.find(paths.pod(name));
      if (!pod || pod.metadata.uid !== uid) return "gone";
      // Until the pod is being deleted, its container would be restarted on the old directory,
      // whose data has already left.
      return pod.metadata.deletionTimestamp ? "up" : undefined;
    },
    { abortable: false },
  );
  // The command ends the container and so its own connection: an error is expected.
  if (given === "up") await outputOf(api.server, paths.pod(name), container, kill.exec).catch(() => undefined);
}
