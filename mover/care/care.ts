import { caredAnnotation, type Cared, type ServicePreview } from "../../model/care";
import { atOnce, partToRead } from "../../model/retention";
import type { RepositoryLease } from "../backup/lease";
import { errorOf, MoveError } from "../faults";
import { counted } from "../sizes";
import type { CareContext } from "./context";
import { forgetPoints } from "./forget";
import { noteCared, readCared, tell } from "./note";
import { previewAll } from "./preview";
import { checkedOf, readData } from "./read-data";

/**
 * What the care does on schedule: it reads a part of the data, then forgets what the policies give up. Nothing is
 * forgotten while something is damaged: an older point may be all that can still be read.
 */
export async function care(context: CareContext, lease: RepositoryLease): Promise<void> {
  const before = readCared((await lease.notes())[caredAnnotation]);
  const part = partToRead(before?.checked, context.task.cycle, new Date());
  if (part) context.log(`reading part ${part.part} of ${part.of} of all data`);
  const checked = part ? checkedOf(part, await readData(context, part)) : before?.checked;
  const cared: Cared = { at: new Date().toISOString(), forgotten: 0, waits: {}, ...(checked && { checked }) };
  if (checked?.damage !== undefined) throw await damaged(context, lease, cared, checked.damage);
  const previews = await previewAll(context);
  cared.waits = waitsOf(previews);
  const now = previews.filter(({ forget }) => forget.length <= atOnce);
  const ids = now.flatMap(({ forget }) => forget.map(({ id }) => id));
  await forgetPoints(context, lease, ids).catch((error) => foundBy(context, lease, cared, errorOf(error)));
  cared.forgotten = ids.length;
  await noteCared(lease, cared);
  const waiting = Object.keys(cared.waits).length > 0;
  const message = caredText(context, cared, part !== undefined);
  const [type, reason] = waiting ? (["Warning", "PointsWait"] as const) : (["Normal", "RepositoryCaredFor"] as const);
  await tell(context, { type, reason, message });
  context.log(message);
}

/** What fails in the middle may have met damage in a part that was not yet to be read. */
async function foundBy(context: CareContext, lease: RepositoryLease, cared: Cared, error: Error): Promise<never> {
  if (!(error instanceof MoveError && error.transient) || context.signal.aborted) throw error;
  context.log(`${error.message}; reading all data, to see whether some is damaged`);
  // Where restic was killed its own lock is there, and only the next run removes it.
  const damage = await readData(context, undefined, "0s").catch(() => undefined);
  if (!damage) throw error;
  throw await damaged(context, lease, { ...cared, checked: checkedOf({ part: 1, of: 1 }, damage) }, damage.said);
}

/** Notes and tells damage. Returns the error that ends the run. */
async function damaged(context: CareContext, lease: RepositoryLease, cared: Cared, damage: string): Promise<MoveError> {
  await noteCared(lease, cared);
  const message =
    `the repository at ${context.task.repository} is damaged: ${damage}. Nothing is forgotten until it is repaired: ` +
    "npm run backup -- --repair";
  await tell(context, { type: "Warning", reason: "RepositoryDamaged", message });
  return new MoveError(message);
}

/** By service, why nothing of it was forgotten. */
const waitsOf = (previews: ServicePreview[]): Record<string, string> =>
  Object.fromEntries(
    previews.flatMap(({ service, forget, waits }) => {
      if (waits !== undefined) return [[service, waits]];
      if (forget.length <= atOnce) return [];
      const many = `${forget.length} points at once, and over ${atOnce} need a person`;
      return [[service, `${many}: npm run backup -- --forget ${service}`]];
    }),
  );

function caredText({ task }: CareContext, { forgotten, waits, checked }: Cared, read: boolean): string {
  const part = read && checked ? `, part ${checked.part} of ${checked.of} of the data is sound` : "";
  const waiting = Object.entries(waits).map(([service, why]) => `. Nothing of ${service} was forgotten: ${why}`);
  return `cared for ${task.repository}: forgot ${counted(forgotten, "point")}${part}${waiting.join("")}`;
}
