import { isSpillInit } from "../../model/spill";
import { MoveError } from "../faults";
import { finish } from "../orchestrate/claims";
import type { Context } from "../orchestrate/context";
import { keepManifest } from "../orchestrate/kept-manifest";
import { measureBeside } from "../orchestrate/move";
import type { Pod, Terminated } from "../orchestrate/objects";
import { hasStarted, newestPod } from "../orchestrate/pods";
import { findWorkload, stop, switchOver, wakeUp } from "../orchestrate/service";
import { endInUse, isReady } from "../orchestrate/workload";

/**
 * Starts a service on an emptyDir. An init container fills the emptyDir from the claim and checks it. The service can
 * go back to its claim until it has started there itself.
 */
export async function spillClaim(context: Context): Promise<void> {
  const { move } = context;
  const workload = await findWorkload(context);
  if (!workload) return finish(context);
  if (endInUse(workload, move) === "source") {
    if (!move.pod) throw new MoveError("the job wasn't told what the pod with the emptyDir looks like");
    await measureBeside(context);
    const stopped = await stop(context);
    await keepManifest(context, stopped);
    await switchOver(context, stopped);
  }
  await wakeUp(context);
  await waitForData(context);
  await finish(context);
}

/** Throws where the data can't be brought into the emptyDir. The service is then on its claim again. */
async function waitForData(context: Context): Promise<void> {
  const { api, paths } = context;
  const failure = await context.until(context.readyPatience, async () => {
    const workload = await api.get(paths.workload);
    if (isReady(workload)) return "";
    const pod = await newestPod(context, workload);
    return hasStarted(pod) ? "" : troubleOfFilling(pod);
  });
  if (failure) throw new MoveError(`the emptyDir was not filled: ${failure}`);
}

function troubleOfFilling(pod: Pod | undefined): string | undefined {
  const ended = (pod?.status?.initContainerStatuses ?? [])
    .filter(({ name }) => isSpillInit(name))
    .map(({ lastState, state }) => state?.terminated ?? lastState?.terminated)
    .find((end) => end && end.exitCode !== 0);
  return ended && errorIn(ended);
}

function errorIn({ message = "", reason, exitCode }: Terminated): string | undefined {
  try {
    return JSON.parse(message).error;
  } catch {
    return message || reason || `exit code ${exitCode}`;
  }
}
