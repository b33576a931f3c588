import { backedUpAnnotation, backupEnoughAnnotation, type BackedUp } from "../../model/backup";
import type { Held } from "../../model/copy-guard";
import { writtenByAnnotation } from "../../model/metadata";
import { formatBytes } from "../../model/quantity";
import { shortPoint } from "../../model/restore";
import { noteOn } from "../orchestrate/notes";
import { counted } from "../sizes";
import { errorOf } from "../faults";
import { openPoint } from "../restore/open-point";
import type { BackupContext } from "./context";
import type { Engines } from "./manifest";
import { readPoints } from "./repository";

/** What the service's claims say before its backup. */
export interface Before {
  /** A later restore must not give an engine's files to another. */
  engines: Engines;
  /** What the newest point had that was not itself far less than the one before. */
  held?: Held;
  /** A person has said that so many files are enough. */
  enough?: number;
}

/** Reads the notes on the service's claims. Where those of a new volume say nothing, the repository does. */
export async function readBefore(context: BackupContext): Promise<Before> {
  const { api, paths, task } = context;
  const before: Before = { engines: {} };
  for (const { volume, claim } of task.volumes) {
    const found = claim === undefined ? undefined : await api.find(paths.claim(claim));
    if (!found) continue;
    const [engine, done] = [noteOn(found, writtenByAnnotation), noteOn<BackedUp>(found, backedUpAnnotation)];
    const enough = found.metadata.annotations?.[backupEnoughAnnotation];
    if (engine !== undefined) before.engines[volume] = engine;
    if (done !== undefined) before.held ??= heldOf(done);
    if (enough !== undefined && /^\d+$/.test(enough)) before.enough ??= Number(enough);
  }
  before.held ??= await heldInRepository(context);
  return before;
}

/** What the service's newest good point has. A point that can't be read keeps no newer one from being made. */
async function heldInRepository(context: BackupContext): Promise<Held | undefined> {
  const { task, work, patience, signal, log } = context;
  try {
    const good = (await readPoints(context)).filter(
      (point) =>
        point.stack === task.owner && point.service === task.service && !point.shrunk && point.incomplete === undefined,
    );
    const newest = good.toSorted((a, b) => a.at.localeCompare(b.at)).at(-1);
    if (newest === undefined) return undefined;
    const { about } = await openPoint({ point: newest.id, repository: task.repository }, { work, patience, signal });
    return { files: about.files, bytes: about.bytes };
  } catch (error) {
    log(`it is not known what an earlier point of ${task.service} had: ${errorOf(error).message}`);
    return undefined;
  }
}

const heldOf = ({ files, bytes, shrunkFrom }: Partial<BackedUp>): Held | undefined =>
  shrunkFrom ?? (files === undefined || bytes === undefined ? undefined : { files, bytes });

/** What there was before, where it was more than twice as much and nobody has said that less is enough. */
export function shrunkFrom({ held, enough }: Before, now: Held): Held | undefined {
  if (!held || (enough !== undefined && now.files >= enough)) return undefined;
  return now.files * 2 < held.files || now.bytes * 2 < held.bytes ? held : undefined;
}

/** Tells a person of a service that may have lost its data, with the way out. */
export function shrunkText({ task }: BackupContext, { files, bytes, id, shrunkFrom: from }: BackedUp): string {
  const describe = (held: Held) => `${formatBytes(held.bytes)} in ${counted(held.files, "file")}`;
  const claim = task.volumes.find((volume) => volume.claim !== undefined)?.claim ?? "";
  return (
    `${task.service} may have lost data: it has ${describe({ files, bytes })}, and a point before had ` +
    `${describe(from ?? { files, bytes })}. Point ${shortPoint(id)} is kept apart from those. If it is meant to hold ` +
    `so little: kubectl -n ${task.namespace} annotate --overwrite pvc ${claim} ${backupEnoughAnnotation}=${files}`
  );
}
