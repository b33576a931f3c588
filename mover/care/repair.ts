import { backupHost } from "../../model/backup";
import { caredAnnotation, damagePrefix, type Cared, type Damage } from "../../model/care";
import { repairedTag } from "../../model/retention";
import type { RepositoryLease } from "../backup/lease";
import { resticOutput } from "../backup/restic";
import { MoveError } from "../faults";
import { counted } from "../sizes";
import type { CareContext } from "./context";
import { remove } from "./forget";
import { readMended, type Mended } from "./mended";
import { noteCared, readCared } from "./note";
import { readData } from "./read-data";

/** Reads all data of the repository and prints what is wrong; where nothing is, damage that was noted is forgotten. */
export async function checkAll(context: CareContext, lease: RepositoryLease): Promise<void> {
  context.log("reading all data of the repository");
  const damage = await readData(context);
  if (damage) context.log(`${damagePrefix}${JSON.stringify(damage)}`);
  else await noteSound(context, lease);
}

async function noteSound({ task, log }: CareContext, lease: RepositoryLease): Promise<void> {
  const before = readCared((await lease.notes())[caredAnnotation]);
  if (before?.checked?.damage !== undefined) {
    const { damage: _, ...checked } = before.checked;
    const { error: __, ...rest } = before;
    await noteCared(lease, { ...rest, checked } satisfies Cared);
  }
  log(`the repository at ${task.repository} is sound: all its data could be read`);
}

/**
 * Makes the repository one that can be backed up to: it takes the packs out that can't be read, with all that can be
 * kept of them. `packs`: their ids.
 */
export async function repair(context: CareContext, packs: string[]): Promise<void> {
  const { log, work } = context;
  await remove(context, ["repair", "index"], { cwd: work });
  if (packs.length > 0) await remove(context, ["repair", "packs", ...packs], { cwd: work });
  log(`took ${counted(packs.length, "damaged pack")} out of the repository, and kept what could be read of them`);
}

interface Found {
  id: string;
  time: string;
  tags?: string[];
  original?: string;
}

/**
 * Takes out of the stack's points what the repository has lost, and says what that is. A point that has lost something
 * becomes another with the tag of such points; killed in between, both are there, and the next run goes on.
 */
export async function mend(context: CareContext, lease: RepositoryLease): Promise<void> {
  const { task, log } = context;
  const own = ["--host", backupHost, "--tag", `stack:${task.owner}`];
  const damaged = readMended(await mendLines(context, ["--dry-run", ...own]));
  const before = await pointsOf(context, own);
  const idOf = ({ id }: Mended) => before.find((point) => point.id.startsWith(id))?.id ?? id;
  const ids = damaged.map(idOf);
  for (const point of damaged) log(lostText(before, point));
  const missing = ids.filter((id) => !hasCopy(before, id));
  if (missing.length > 0) await mendLines(context, missing);
  const after = await pointsOf(context, own);
  // One of which nothing was left is gone already.
  const replaced = ids.filter((id) => hasCopy(after, id) && after.some((point) => point.id === id));
  if (replaced.length > 0) await remove(context, ["forget", ...replaced]);
  log(`mended ${counted(damaged.length, "point")} of this stack`);
  const damage = await readData(context);
  if (damage) throw new MoveError(stillDamaged(context, damage));
  await noteSound(context, lease);
}

const hasCopy = (points: Found[], id: string) =>
  points.some(({ original, tags = [] }) => original === id && tags.includes(repairedTag));

const pointsOf = async ({ task, signal, patience }: CareContext, own: string[]): Promise<Found[]> =>
  JSON.parse(await resticOutput(["snapshots", "--no-lock", ...own], task.repository, { signal, patience })) as Found[];

async function mendLines(context: CareContext, more: string[]): Promise<string[]> {
  const lines: string[] = [];
  await remove(context, ["repair", "snapshots", ...more], { onLine: (line) => void lines.push(line) });
  return lines;
}

function lostText(points: Found[], { id, lost, all }: Mended): string {
  const point = points.find((each) => each.id.startsWith(id));
  const service = point?.tags?.find((tag) => tag.startsWith("service:"))?.slice("service:".length) ?? "?";
  const what = all ? "all of it" : lost.join(", ");
  return `lost of point ${id} of ${service} (${point?.time.slice(0, 16) ?? "?"}Z): ${what}`;
}

const stillDamaged = ({ task }: CareContext, { said }: Damage) =>
  `the repository at ${task.repository} is still damaged: ${said}. This stack's points are mended; where other ` +
  "stacks or people have points there, they have to mend theirs: restic repair snapshots --forget";
