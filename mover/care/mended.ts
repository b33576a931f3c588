/** A point that has lost something. */
export interface Mended {
  /** The first characters of its id. */
  id: string;
  /** Files and directories of which something is lost. */
  lost: string[];
  /** Nothing of it is left. */
  all: boolean;
}

/** Reads what `restic repair snapshots` prints; points that have lost nothing are left out. */
export function readMended(lines: readonly string[]): Mended[] {
  const found: (Mended & { changed: boolean })[] = [];
  for (const line of lines) {
    const [, id] = /^snapshot ([0-9a-f]{8,}) of /.exec(line) ?? [];
    if (id !== undefined) found.push({ id, lost: [], all: false, changed: false });
    const point = found.at(-1);
    const [, path] = /^ {2}(?:file|dir) "(.*)": /.exec(line) ?? [];
    if (!point) continue;
    if (path !== undefined) point.lost.push(path.replace(/^\//, ""));
    if (/^would (save new|delete empty) snapshot/.test(line)) point.changed = true;
    if (/^would delete empty snapshot/.test(line)) point.all = true;
  }
  return found.filter(({ changed }) => changed).map(({ id, lost, all }) => ({ id, lost, all }));
}
