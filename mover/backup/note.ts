import { backedUpAnnotation, backupEnoughAnnotation, backupFailedAnnotation, type BackedUp } from "../../model/backup";
import { tellEvent, type Told } from "./event";
import { errorOf } from "../faults";
import type { BackupContext } from "./context";

/** Writes on the service's claims what its newest point is, and tells it as an event. */
export const noteDone = (context: BackupContext, point: BackedUp, message: string) =>
  note(
    context,
    {
      [backedUpAnnotation]: JSON.stringify(point),
      [backupFailedAnnotation]: null,
      ...(!point.shrunkFrom && { [backupEnoughAnnotation]: null }),
    },
    { type: "Normal", reason: "BackedUp", message },
  );

/** Writes on the service's claims why there is no newer point, and tells it as an event. */
export const noteFailed = (context: BackupContext, error: string) =>
  note(
    context,
    { [backupFailedAnnotation]: JSON.stringify({ at: new Date().toISOString(), error }) },
    { type: "Warning", reason: "BackupFailed", message: error },
  );

/** Tells as an event that the newest point has far less than the one before. */
export const noteShrunk = (context: BackupContext, message: string) =>
  note(context, {}, { type: "Warning", reason: "BackupShrunk", message });

/** A point is there or not whatever becomes of the notes, so a note that fails is only told of. */
async function note(context: BackupContext, annotations: Record<string, string | null>, told: Told): Promise<void> {
  const { api, paths, task, log } = context;
  const attempts = [
    ...task.volumes.flatMap(({ claim }) =>
      claim === undefined || Object.keys(annotations).length === 0
        ? []
        : [() => api.patch(paths.claim(claim), { metadata: { annotations } })],
    ),
    () => tell(context, told),
  ];
  for (const attempt of attempts)
    await attempt().catch((error) => log(`the result could not be noted: ${errorOf(error).message}`));
}

function tell({ api, task, pod }: BackupContext, told: Told): Promise<void> {
  const { kind, name } = task.workload;
  return tellEvent(api, { apiVersion: "apps/v1", kind, name, namespace: task.namespace }, told, pod);
}
