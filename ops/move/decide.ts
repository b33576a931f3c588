import { size as sizeSchema } from "../../config/forms";
import { bytes } from "../../model/quantity";
import type { FromPoint } from "../../model/restore";
import { UserError } from "../../model/user-error";
import { backTo, type ClaimEntry, type EntryEdit, earlierOf, returnWithoutCopy, toNewVolume } from "./claim-entry";
import { findPlace, type Place, placeOf } from "./places";

/** What is asked for each claim of a batch. */
export type ClaimChange =
  | { kind: "to"; to: string; size?: string; node?: string }
  | { kind: "node"; node: string; size?: string }
  | { kind: "size"; size: string }
  | { kind: "anew"; size?: string }
  | { kind: "back"; asItWas: boolean }
  | { kind: "restore"; from: FromPoint };

/** The node that new volumes are made on; undefined where the change names none. */
export const nodeIn = (change: ClaimChange) => ("node" in change ? change.node : undefined);

/** What a change means for one claim: the kind of change, and the edit of the claim's entry. */
export interface MoveDecision {
  kind: "grow" | "move" | "back" | "as-it-was" | "restore";
  edit: EntryEdit;
  /** The place of the volume in use after the change; undefined for a volume that was made by hand. */
  place?: Place;
}

/**
 * Decides what a change means for a claim. `name`: what to call the claim. `taken`: generations that the cluster still
 * has something of. Throws a UserError where the change can't be made, or where the claim already is as asked.
 */
export function decideMove(
  name: string,
  current: ClaimEntry,
  change: ClaimChange,
  places: readonly Place[],
  taken: readonly number[] = [],
): MoveDecision {
  if (change.kind === "back") return decideBack(name, current, change.asItWas, places);
  const here = placeOf(current, places);
  if (change.kind === "restore") return decideRestore(name, current, change.from, here, taken);
  checkSize(change.size);
  if (change.kind === "anew")
    return { kind: "move", edit: toNewVolume(current, undefined, change.size, current.node, taken), place: here };
  if (change.kind === "size") return decideSize(name, current, change.size, here, taken);
  const { place, placement } =
    change.kind === "to" ? findPlace(change.to, places, current) : { place: here, placement: undefined };
  const { node, size } = change;
  if (node !== undefined) assertTied(name, place);
  if (place === here && (node === undefined || node === current.node)) {
    if (size !== undefined) return decideSize(name, current, size, here, taken);
    throw new UserError(
      `${name} is on ${change.kind === "to" ? change.to : place?.backend} ` +
        `already${node === undefined ? "" : `, on node ${node}`}, with ${current.size}: there is nothing to move`,
    );
  }
  return { kind: "move", edit: toNewVolume(current, place === here ? undefined : placement, size, node, taken), place };
}

/** The point goes to a new volume like the one in use, which is kept. */
function decideRestore(
  name: string,
  current: ClaimEntry,
  from: FromPoint,
  here: Place | undefined,
  taken: readonly number[],
): MoveDecision {
  if (here?.ephemeral)
    throw new UserError(
      `${name} has its data in its pod's own directory, which goes with the pod, so it could not be kept beside the ` +
        `point; take it to a claim first: npm run move -- ${name} --to BACKEND`,
    );
  const { from: leaves, ...edit } = toNewVolume(current, undefined, current.size, current.node, taken);
  return {
    kind: "restore",
    edit: { ...edit, from: { ...from, ...(typeof leaves === "number" && { leaves }) } },
    place: here,
  };
}

/** A node can be chosen only for a volume that is tied to a node and made by a provisioner. */
function assertTied(name: string, place: Place | undefined): void {
  if (!place || (place.class === "" && !place.ephemeral))
    throw new UserError(
      `the volume of ${name} was made by hand, so no other can be made like it on another node; name a backend ` +
        "with --to",
    );
  const { backend, ephemeral, followsNode } = place;
  if (ephemeral)
    throw new UserError(
      `${backend} keeps data in the pod's own directory, which is on whatever node the pod runs on: leave out --node`,
    );
  if (!followsNode)
    throw new UserError(
      `every node reaches the volumes of ${backend}, as far as the stack's config says: leave out --node`,
    );
}

/** The volume grows in place where it can; otherwise the data moves to a new volume of that size. */
function decideSize(
  name: string,
  current: ClaimEntry,
  size: string,
  here: Place | undefined,
  taken: readonly number[],
): MoveDecision {
  const [has, wanted] = [bytes(current.size) ?? 0, bytes(size) ?? 0];
  if (wanted === has) throw new UserError(`${name} has ${current.size} already: there is nothing to move`);
  if (here?.ephemeral)
    throw new UserError(
      `${name} is on ${here.backend}, whose directory goes with the pod, so a change of its size would empty it; ` +
        "move the data to a claim first (--to)",
    );
  if (wanted > has && here?.expand) return { kind: "grow", edit: { size }, place: here };
  return { kind: "move", edit: toNewVolume(current, undefined, size, current.node, taken), place: here };
}

function decideBack(name: string, current: ClaimEntry, asItWas: boolean, places: readonly Place[]): MoveDecision {
  const earlier = earlierOf(current);
  const withoutCopy = asItWas ? returnWithoutCopy(current) : undefined;
  if (!earlier && withoutCopy) return { kind: "as-it-was", edit: withoutCopy, place: placeOf(current, places) };
  if (!earlier) throw new UserError(noWayBack(name, current, places));
  const place = placeOf(earlier, places);
  if (asItWas && place?.ephemeral)
    throw new UserError(
      `${name} was on ${place.backend}, and the old directory is gone with its pod; use --back without --as-it-was, ` +
        "which takes the data along",
    );
  return { kind: asItWas ? "as-it-was" : "back", edit: backTo(current, earlier, asItWas), place };
}

function noWayBack(name: string, { generation, kept }: ClaimEntry, places: readonly Place[]): string {
  const newer = kept.filter((volume) => volume.generation > generation).at(-1);
  if (!newer) return `${name} has never moved, or its earlier volume was released: there is no volume to return to`;
  const there = placeOf(newer, places)?.backend;
  const way = there === undefined ? "--to BACKEND" : `--to ${there}`;
  return (
    `${name} has returned already, to generation ${generation}. To move its data again, to a new volume: npm run ` +
    `move -- ${name} ${way}`
  );
}

function checkSize(size: string | undefined): void {
  if (size === undefined) return;
  const parsed = sizeSchema.safeParse(size);
  if (!parsed.success) throw new UserError(`--size ${parsed.error.issues[0]?.message ?? size}`);
}
