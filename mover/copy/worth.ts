import type { Guard, Held } from "../../model/copy-guard";
import type { CopyTask } from "../../model/mover";
import { formatBytes } from "../../model/quantity";
import { MoveError, show } from "../faults";
import { counted } from "../sizes";
import { isMarked } from "./marker";
import { filesOf, type Entry } from "./walk";

interface Tree {
  entries: Entry[];
  /** When its root last changed, which a removal there does. In nanoseconds since 1970. */
  changed: bigint;
}

type Named = Pick<CopyTask, "sourceName" | "targetName">;

/**
 * Throws where the source may have lost its data, or where the target has newer data than the source. `present`: what
 * the target holds; an unfinished copy there is nobody's data.
 */
export function checkWorth(task: CopyTask, source: Tree, present: Entry[]): void {
  const { guard } = task;
  if (!guard) return;
  const erased = isMarked(task.target) ? [] : present;
  const fault =
    newerFault(task, guard, source, erased) ?? lostFault(task, guard, heldIn(source.entries), heldIn(erased));
  if (fault !== undefined) throw new MoveError(fault);
}

export function heldIn(entries: Entry[]): Held {
  const { files, bytes } = filesOf(entries);
  return { files: files.length, bytes };
}

/**
 * A copy keeps the times of what it copies. So something on the target that is newer than everything on the source was
 * written there later: the target was in use after its data had gone to the source.
 */
function newerFault(
  { sourceName, targetName }: Named,
  { instead }: Guard,
  { entries, changed }: Tree,
  erased: Entry[],
): string | undefined {
  const [last, latest] = [newest(entries), newest(erased)];
  if (!last || !latest || latest.mtime <= last.mtime || latest.mtime <= changed) return undefined;
  const at = new Date(Number(latest.mtime / 1_000_000n)).toISOString();
  return (
    `${targetName} was written to after everything on ${sourceName} (${show(latest.path)} at ${at}), so it is not ` +
    `overwritten; nothing was changed. ${instead}`
  );
}

const newest = (entries: Entry[]) =>
  entries.reduce<Entry | undefined>((last, entry) => (last && last.mtime >= entry.mtime ? last : entry), undefined);

/**
 * Why the source's content is too little to be all of its data; undefined where it is plausible. Too little is no file
 * at all, or less than half of the files or bytes of what would be erased or, where nothing is, of what the source held
 * once.
 */
export function lostFault(
  { sourceName, targetName }: Named,
  { noted, enough, instead, accept }: Guard,
  source: Held,
  erased: Held,
): string | undefined {
  if (enough !== undefined && source.files >= enough) return undefined;
  const before = erased.files > 0 ? erased : noted;
  const shrunk = before && (source.files * 2 < before.files || source.bytes * 2 < before.bytes);
  if (source.files > 0 && !shrunk) return undefined;
  const other =
    erased.files > 0
      ? `, and ${targetName}, which the copy would erase, has ${describe(erased)}: that may be the only good copy`
      : before
        ? `, and it had ${describe(before)} when its data was copied to it: it may have lost data`
        : ": it may have lost its data";
  const meant = accept ? `. If ${sourceName} is meant to hold so little: ${accept}${source.files}` : "";
  return `${sourceName} has ${describe(source)}${other}; nothing was changed. ${instead}${meant}`;
}

const describe = ({ files, bytes }: Held) => `${formatBytes(bytes)} in ${counted(files, "file")}`;
