import { pruneDueAnnotation } from "../../model/care";
import { faultOfEnd, restic, resticExit, type ResticEnd, type ResticOptions } from "../backup/restic";
import type { RepositoryLease } from "../backup/lease";
import { MoveError } from "../faults";
import { counted } from "../sizes";
import type { CareContext } from "./context";

/**
 * Forgets points, and removes what only they had. Killed between the two, the next care does the second: the points
 * that stay are whole all the time.
 */
export async function forgetPoints(context: CareContext, lease: RepositoryLease, ids: string[]): Promise<void> {
  const due = (await lease.notes())[pruneDueAnnotation] !== undefined;
  if (ids.length === 0 && !due) return;
  if (ids.length > 0) {
    await lease.note({ [pruneDueAnnotation]: "true" });
    const end = await restic(["forget", ...ids, ...patiently], { signal: context.signal });
    context.check();
    if (isRefused(end) && !due) await lease.note({ [pruneDueAnnotation]: null });
    checkRemoval(context, end);
    context.log(`forgot ${counted(ids.length, "point")}`);
  }
  await remove(context, ["prune"]);
  await lease.note({ [pruneDueAnnotation]: null });
  context.log("removed what no point has any more");
}

/** For whoever has locked the repository. */
const patiently = ["--retry-lock", "10m"];

/** Runs a command of restic that removes something. Throws where it fails. */
export async function remove(
  context: CareContext,
  args: string[],
  options: Pick<ResticOptions, "cwd" | "onLine"> = {},
): Promise<void> {
  const end = await restic([...args, ...patiently], { ...options, signal: context.signal });
  context.check();
  checkRemoval(context, end);
}

/** How servers say that a login may not delete: rest-server and rclone, S3, a directory. */
const refusals = /\b403\b|forbidden|access ?denied|permission denied|read-only file system/i;

/** Whether the place doesn't let anything be removed. */
const isRefused = ({ code, said, complaints = [] }: ResticEnd) =>
  code !== resticExit.done && [said, ...complaints].some((line) => refusals.test(line));

/** Throws where restic failed that had to remove something. */
function checkRemoval({ task }: CareContext, end: ResticEnd): void {
  if (end.code === resticExit.done) return;
  if (isRefused(end))
    throw new MoveError(
      `${task.repository} lets nothing be removed with the login that the care has, so nothing was. Give it one ` +
        "that may, as `prune` beside the place in cluster-storage:backups.repository; or, to keep every point, take " +
        "keep out of cluster-storage:backups",
    );
  const { code, complaints = [] } = end;
  if (code === resticExit.incomplete)
    throw new MoveError(`not all points could be forgotten at ${task.repository}: ${complaints[0] ?? end.said}`, {
      transient: true,
    });
  throw faultOfEnd(end, task.repository);
}
