import { careName, caredAnnotation, type Cared } from "../../model/care";
import { RepositoryLease } from "../backup/lease";
import { tellEvent, type Told } from "../backup/event";
import { errorOf } from "../faults";
import type { CareContext } from "./context";

/** What an earlier care has noted; undefined where there is nothing, or where it can't be understood. */
export function readCared(text: string | undefined): Cared | undefined {
  try {
    const cared: Partial<Cared> = JSON.parse(text ?? "null") ?? {};
    return typeof cared.at === "string" ? { forgotten: 0, waits: {}, ...cared, at: cared.at } : undefined;
  } catch {
    return undefined;
  }
}

/** Writes on the Lease what the care came to. */
export const noteCared = (lease: RepositoryLease, cared: Cared) =>
  lease.note({ [caredAnnotation]: JSON.stringify(cared) });

/** Writes why the care failed beside what was noted before, and tells it. What fails here is only told of. */
export async function noteFailed(context: CareContext, error: string): Promise<void> {
  const lease = new RepositoryLease(context);
  const note = async () => {
    const before = readCared((await lease.notes())[caredAnnotation]);
    if (before?.checked?.damage !== undefined && error.includes(before.checked.damage)) return;
    await noteCared(lease, { forgotten: 0, waits: {}, ...before, at: new Date().toISOString(), error });
    await tell(context, { type: "Warning", reason: "CareFailed", message: error });
  };
  await note().catch((thrown) => context.log(`the result could not be noted: ${errorOf(thrown).message}`));
}

/** Tells something as an event of the CronJob. One that can't be made changes nothing. */
export async function tell({ api, task, pod, log }: CareContext, told: Told): Promise<void> {
  const cronJob = { apiVersion: "batch/v1", kind: "CronJob", name: careName, namespace: task.home };
  await tellEvent(api, cronJob, told, pod).catch((error) =>
    log(`the result could not be told as an event: ${errorOf(error).message}`),
  );
}
