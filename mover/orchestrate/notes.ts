import { enoughFilesAnnotation, movedAnnotation, movedToAnnotation } from "../../model/metadata";
import type { Held } from "../../model/copy-guard";
import type { Moved, MovedTo } from "../../model/mover";
import type { Claim } from "./objects";

/** What a move has noted on its target claim; undefined where there is nothing, or where it can't be understood. */
export const movedNote = (claim: Claim) => noteOn<Moved>(claim, movedAnnotation);

/** What a move has noted on its source claim. */
export const movedToNote = (claim: Claim) => noteOn<MovedTo>(claim, movedToAnnotation);

/** What an annotation of the claim holds as JSON; undefined where there is nothing, or where it can't be understood. */
export function noteOn<Note extends object>(claim: Claim, annotation: string): Partial<Note> | undefined {
  try {
    return JSON.parse(claim.metadata.annotations?.[annotation] ?? "null") ?? undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether the target's own note says that its data went to exactly this source, so that what the target holds is older.
 * A claim that was deleted and made again on its volume has no note. `source`: undefined for an emptyDir.
 */
export function wasLeftFor(target: Claim, source: Claim | undefined): boolean {
  const { to, uid, volume } = movedToNote(target) ?? {};
  if (!source) return to === "emptyDir";
  if (to !== source.metadata.name) return false;
  // An earlier version noted only the name. The source's own note then has to say the same.
  if (uid === undefined) return movedNote(source)?.from === target.metadata.name;
  return uid === source.metadata.uid && volume === source.spec.volumeName;
}

/** What was copied to a claim when it became the one in use; undefined where that isn't known. */
export function heldBefore(claim: Claim | undefined): Held | undefined {
  const { files, bytes } = (claim && movedNote(claim)) ?? {};
  return files === undefined || bytes === undefined ? undefined : { files, bytes };
}

/** How many files a person has said to be enough on the claim. */
export function enoughOn(claim: Claim | undefined): number | undefined {
  const text = claim?.metadata.annotations?.[enoughFilesAnnotation];
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}
