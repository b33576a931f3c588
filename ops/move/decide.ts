import { size as sizeSchema } from "../../config/fields";
import { bytes } from "../../model/quantity";
import { UserError } from "../../model/user-error";
import { backTo, type ClaimEntry, type EntryEdit, earlierOf, toNewVolume } from "./claim-entry";
import { findPlace, type Place, placeOf } from "./places";

/** What a person asked for. */
export type ClaimChange =
  | { kind: "to"; to: string; size?: string; node?: string }
  | { kind: "node"; node: string; size?: string }
  | { kind: "size"; size: string }
  | { kind: "back"; asItWas: boolean };

/** The node that the volume shall be made on; undefined where the request names none. */
export const nodeIn = (request: ClaimChange) => ("node" in request ? request.node : undefined);

/** What becomes of the claim's entry, and what kind of change it is. */
export interface MoveDecision {
  kind: "grow" | "move" | "back" | "as-it-was";
  edit: EntryEdit;
  /** The place of the volume in use afterwards; undefined for one that was made by hand. */
  place?: Place;
}

/**
 * The lines that a request comes to. `name`: what to call the claim. Throws a UserError for what can't be done or is
 * already so.
 */
export function decideMove(
  name: string,
  current: ClaimEntry,
  request: ClaimChange,
  places: readonly Place[],
): MoveDecision {
  if (request.kind === "back") return decideBack(name, current, request.asItWas, places);
  checkSize(request.size);
  const here = placeOf(current, places);
  if (request.kind === "size") return decideSize(name, current, request.size, here);
  const { place, placement } =
    request.kind === "to" ? findPlace(request.to, places, current) : { place: here, placement: undefined };
  const { node, size } = request;
  if (node !== undefined) assertTied(name, place);
  if (place === here && (node === undefined || node === current.node)) {
    if (size !== undefined) return decideSize(name, current, size, here);
    throw new UserError(
      `${name} is on ${request.kind === "to" ? request.to : place?.backend} ` +
        `already${node === undefined ? "" : `, on node ${node}`}, with ${current.size}: there is nothing to move`,
    );
  }
  return { kind: "move", edit: toNewVolume(current, place === here ? undefined : placement, size, node), place };
}

/** Only a volume that is tied to a node, and made by a provisioner, can be told which. */
function assertTied(name: string, place: Place | undefined): void {
  if (!place || (place.class === "" && !place.ephemeral))
    throw new UserError(
      `${name}'s volume was made by hand, and none can be made like it on another node; name a backend with --to`,
    );
  const { backend, ephemeral, followsNode } = place;
  if (ephemeral)
    throw new UserError(
      `${backend} keeps data in the pod's own directory, which has no node of its own: leave out --node`,
    );
  if (!followsNode)
    throw new UserError(
      `every node reaches the volumes of ${backend}, as far as the stack's config says: leave out --node`,
    );
}

/** In place where the volume can grow; else the data moves to another one of that size. */
function decideSize(name: string, current: ClaimEntry, size: string, here: Place | undefined): MoveDecision {
  const [has, wanted] = [bytes(current.size) ?? 0, bytes(size) ?? 0];
  if (wanted === has) throw new UserError(`${name} has ${current.size} already: there is nothing to move`);
  if (here?.ephemeral)
    throw new UserError(
      `${name} is on ${here.backend}, whose directory goes with the pod: another size would empty it; move it ` +
        "to a claim first (--to)",
    );
  if (wanted > has && here?.expand) return { kind: "grow", edit: { size }, place: here };
  return { kind: "move", edit: toNewVolume(current, undefined, size), place: here };
}

function decideBack(name: string, current: ClaimEntry, asItWas: boolean, places: readonly Place[]): MoveDecision {
  const earlier = earlierOf(current);
  if (!earlier) throw new UserError(noWayBack(name, current, places));
  const place = placeOf(earlier, places);
  if (asItWas && place?.ephemeral) {
    throw new UserError(
      `${name} was on ${place.backend}, whose directory went with its pod: there is nothing as it was; --back ` +
        "alone takes the data along",
    );
  }
  return { kind: asItWas ? "as-it-was" : "back", edit: backTo(current, earlier, asItWas), place };
}

function noWayBack(name: string, { generation, kept }: ClaimEntry, places: readonly Place[]): string {
  const newer = kept.filter((volume) => volume.generation > generation).at(-1);
  if (!newer) return `${name} has never moved, or what it was on before was released: there is nothing to go back to`;
  const there = placeOf(newer, places)?.backend;
  const way = there === undefined ? "--to BACKEND" : `--to ${there}`;
  return (
    `${name} is back already, on generation ${generation}; to take its data there again, to a new volume: npm ` +
    `run move -- ${name} ${way}`
  );
}

function checkSize(size: string | undefined): void {
  if (size === undefined) return;
  const parsed = sizeSchema.safeParse(size);
  if (!parsed.success) throw new UserError(`--size ${parsed.error.issues[0]?.message ?? size}`);
}
