import type { BackupAct, InspectTask } from "../../model/backup";
import { moveExit } from "../../model/move-exit";
import { formatBytes } from "../../model/quantity";
import { shortPoint } from "../../model/restore";
import { exitOf, faultOf } from "../faults";
import type { Ended } from "../orchestrate/run";
import { shrunkText } from "./before";
import type { BackupContext } from "./context";
import { inspectPoint } from "./inspect";
import { withLease } from "./lease";
import { noteDone, noteFailed, noteShrunk } from "./note";
import { makePoint } from "./point";
import { sealKeys } from "./seal-keys";
import { checkRepository, listPoints, makeRepository, removeDeadLocks } from "./repository";

/**
 * Does what the job was made for; what writes to the repository, alone. `act`: default `make`, in `model/backup.ts`.
 * `inspect`: of that act.
 */
export async function runBackup(context: BackupContext, act: BackupAct, inspect?: InspectTask): Promise<Ended> {
  try {
    if (act === "list") await listPoints(context);
    else if (act === "inspect") await inspectPoint(context, inspect!);
    else if (act === "keys") await sealKeys(context, JSON.parse(process.env.BACKUP_KEYS ?? ""));
    else await alone(context, act);
    return { code: moveExit.done };
  } catch (thrown) {
    const fault = faultOf(thrown);
    const [code, reason] = [exitOf(fault), fault.error];
    if (act !== "make") return { code, message: reason };
    const message = `${context.service} was not backed up, and no point was made: ${reason}`;
    await noteFailed(context, message);
    return { code: context.told.aborted ? moveExit.told : code, message };
  }
}

async function alone(context: BackupContext, act: "make" | "init"): Promise<void> {
  await withLease(context, async (lease, ended) => {
    if (act === "init") return await makeRepository(context);
    // Before the service is held: it must not stand still for a repository that isn't there.
    await checkRepository(context);
    if (ended.length > 0 && (await removeDeadLocks(context, ended))) await lease.forgetEnded();
    const point = await makePoint(context);
    const message =
      `backed up ${context.service}: point ${shortPoint(point.id)}, ${formatBytes(point.bytes)}, ` +
      `${formatBytes(point.added)} added to ${context.task.repository}`;
    await noteDone(context, point, message);
    context.log(message);
    if (!point.shrunkFrom) return;
    const lost = shrunkText(context, point);
    await noteShrunk(context, lost);
    context.log(lost);
  });
}
