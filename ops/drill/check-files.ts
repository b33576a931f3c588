import { ifFound, type Kube } from "../../kube/client";
import { checkingPod } from "./check-pod";
import { podOf, type Copies, type Original } from "./copy";
import { filesChecked, type PointRef } from "./judge";
import { awaitEnded, makePod, removePod } from "./pods";

/** How much of what a check prints is read, in bytes. */
const enough = 65_536;

/**
 * Stops a copy and has its files checked by the service's own tool, which is `command`. Returns what that came to, in a
 * few words. Throws what is wrong with the files, or why it could not be told.
 */
export async function checkFiles(
  kube: Kube,
  copies: Copies,
  original: Original,
  { command, point }: { command: string[]; point: PointRef },
): Promise<string> {
  const { container } = original.service[1].check;
  const { ground, signal } = copies;
  const copy = podOf(copies, original);
  const running = await ifFound(
    kube.core.readNamespacedPod({ name: copy.metadata?.name ?? "", namespace: ground.namespace }),
  );
  if (running) await removePod(kube, running);
  const pod = await makePod(kube, checkingPod(ground, copy, container, command));
  const ended = await awaitEnded(kube, pod, signal);
  const [state] = ended.status?.containerStatuses?.flatMap(({ state }) => state?.terminated ?? []) ?? [];
  const log = await kube.core.readNamespacedPodLog({
    name: pod.metadata?.name ?? "",
    namespace: ground.namespace,
    container,
    limitBytes: enough,
  });
  return filesChecked(point, { code: state?.exitCode, reason: state?.reason ?? ended.status?.reason }, log);
}
