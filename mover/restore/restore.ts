import { chmodSync } from "node:fs";
import type { Copied, Measured } from "../../model/mover";
import { formatBytes } from "../../model/quantity";
import { isPoint, newestPoint, pointOrigin, shortPoint, type RestoreTask } from "../../model/restore";
import { volumeIn, type Listing } from "../backup/read-manifest";
import { messageIn, restic, resticExit } from "../backup/restic";
import { check } from "../copy/check";
import { copiedOf } from "../copy/copy";
import { Hashers } from "../copy/hashing";
import { finishTarget, markTarget, readMarker } from "../copy/marker";
import { checkRoom, measureTrees, readTarget } from "../copy/measure";
import { Progress } from "../copy/progress";
import { prune } from "../copy/prune";
import { below, directoriesOf, filesOf, type Entry } from "../copy/walk";
import { MoveError } from "../faults";
import { digHoles } from "../leave/holes";
import { checkKeys, checkOwners, checkPoint, mountedKey } from "./fit";
import { findNewest } from "./newest";
import { faultOfPoint, openPoint, type OpenOptions } from "./open-point";

/** Says what a point has of a volume and what room there is for it. Throws where it can't be restored there. */
export async function measureRestore(task: RestoreTask, options: OpenOptions): Promise<Measured> {
  return (await prepare(task, options)).measured;
}

/**
 * Makes the volume what the point has, and compares every entry and every byte with the point's manifest. It can be cut
 * off and repeated: until it ends, a file in the volume's root says that the volume is incomplete.
 */
export async function restore(task: RestoreTask, options: OpenOptions): Promise<Copied> {
  const started = performance.now();
  const { entries, digests, present, name } = await prepare(task, options);
  const { target, targetName } = task;
  markTarget({ target, sourceId: pointOrigin(task.point) });
  if (present.length > 0) prune(entries, target, present);
  await fetchAll(task, { name, entries }, options);
  await digHoles(holesOf(entries), target);
  // A directory that was there before, and one that belongs to the volume's group, has another mode.
  for (const { path, mode } of directoriesOf(entries)) setMode(below(target, path), mode);
  const hashers = new Hashers();
  try {
    await check(
      { ...forPeople(task), source: "", target, targetName, replace: false, resume: true },
      {
        source: entries,
        digests,
        said: "",
      },
      hashers,
    );
  } finally {
    await hashers.close();
  }
  finishTarget(target);
  return copiedOf(entries, digests, started);
}

const forPeople = ({ point, targetName }: RestoreTask) => ({
  sourceName: `point ${shortPoint(point)}`,
  sourceId: pointOrigin(point),
  targetName,
});

/** Says as well which point it is, where that was to be found out. */
interface Prepared extends Omit<Listing, "about"> {
  /** The volume's name in the point. */
  name: string;
  present: Entry[];
  measured: Measured;
}

async function prepare(wanted: RestoreTask, options: OpenOptions): Promise<Prepared> {
  const found = wanted.point === newestPoint ? { point: await findNewest(wanted, options) } : {};
  const task = { ...wanted, ...found };
  const listing = await openPoint(task, options);
  const name = checkPoint(task, listing.about);
  checkKeys(task, listing, (key) => mountedKey(task.keys?.directory ?? "", key));
  const { entries, digests } = volumeIn(listing, name);
  checkOwners(task, entries);
  const { target, size, resume, fill = false } = task;
  // What is unfinished on a volume that is being filled was never in use, whichever point it is of.
  const replace = fill && isPoint(readMarker(target));
  const present = readTarget({ ...forPeople(task), target, replace, resume });
  const measured = { ...measureTrees(target, entries, present), ...found };
  checkRoom(measured, { ...forPeople(task), source: "", target, size, replace: false, resume });
  return { name, entries, digests, present, measured };
}

async function fetchAll(
  { point, target, targetName, repository }: RestoreTask,
  { name, entries }: { name: string; entries: Entry[] },
  { signal }: OpenOptions,
): Promise<void> {
  const { files, bytes } = filesOf(entries);
  const progress = new Progress("copy", bytes, files.length);
  const onLine = (line: string) => {
    const message = messageIn(line);
    if (message?.message_type === "status") progress.at(Math.min(Number(message.bytes_restored ?? 0), bytes));
  };
  const args = [
    "restore",
    `${point}:/volumes/${name}`,
    "--target",
    target,
    "--sparse",
    "--overwrite",
    "if-changed",
    "--no-lock",
  ];
  const end = await restic(args, { signal, onLine });
  progress.end();
  if (/No space left on device|Disk quota exceeded/i.test([end.said, ...(end.complaints ?? [])].join("\n")))
    throw new MoveError(`${targetName} is full: ${formatBytes(bytes)} have to fit`);
  if (end.code !== resticExit.done) throw faultOfPoint(end, { point, repository });
}

/** For each file its blocks, its size and its path, as `digHoles` reads them. */
const holesOf = (entries: Entry[]) =>
  entries
    .filter(({ type, links }) => type === "file" && links === 1)
    .map(({ disk, size, path }) => `${Math.ceil(disk / 512)} ${size} ./${path.toString("utf8")}`)
    .join("\n");

function setMode(path: Buffer, mode: number): void {
  try {
    chmodSync(path, mode & 0o7777);
  } catch {
    // The comparison finds a directory that is missing or belongs to another user, and its message is better.
  }
}
