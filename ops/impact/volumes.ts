import { amount } from "../../model/quantity";
import { ephemeralOf } from "./ephemeral";
import type { Move } from "../../model/mover";
import { pointOrigin, shortPoint } from "../../model/restore";
import { shorterCleanups, type ShorterCleanup } from "./cleanups";
import { moveFrom, movesOf, moveTo } from "./moves";
import { isClaim, objectOf, serviceOf, type ResourceChange, type ResourceState } from "./changes";
import type { Fate, MoveImpact, VolumeImpact } from "./types";
import { leftClaim } from "./workloads";

/**
 * Every claim of the stack, and every directory that holds data instead of a claim. Those at risk come first, then
 * those that change.
 */
export function volumesOf(changes: readonly ResourceChange[]): VolumeImpact[] {
  const moves = movesOf(changes);
  const cleanups = shorterCleanups(changes);
  const claims = changes
    .filter(({ before, after }) => isClaim(after ?? before))
    .map((change) => withCleanup(withBegin(claimImpact(change, moves), changes), cleanups));
  return [...claims, ...ephemeralOf(changes, moves)].sort(
    (a, b) => rank(a) - rank(b) || (a.volume < b.volume ? -1 : 1),
  );
}

const order: Fate[] = [
  "deleted",
  "replaced",
  "unprotected",
  "cleaned",
  "ephemeral",
  "moved",
  "grown",
  "adopted",
  "created",
  "kept",
];
const rank = ({ fate, atRisk }: VolumeImpact) => order.indexOf(fate) + (atRisk ? 0 : order.length);

function claimImpact(change: ResourceChange, moves: readonly Move[]): VolumeImpact {
  const { urn, before, after } = change;
  // A replacement may have another name. The data is in the claim that was there before.
  const now = lost(change) ? before! : after!;
  const volume = objectOf(urn, now);
  const move = moveTo(moves, volume);
  // If the change removes the protection, a move doesn't make up for that.
  const own = fateOf(change);
  const fate = move && !lost(change) && own !== "unprotected" ? "moved" : own;
  return {
    volume,
    service: serviceOf(now),
    fate,
    size: sizeOf(now),
    class: classOf(now, before),
    ...(lost(change) ? {} : differences(before, after)),
    ...(move && { move: moveImpact(move) }),
    notes: notesOf(change, fate, move, moveFrom(moves, volume)),
    atRisk: ["deleted", "replaced", "unprotected"].includes(fate),
  };
}

function moveImpact({ source, target, across, restore }: Move): MoveImpact {
  if (restore) return { from: pointOrigin(shortPoint(restore.point)), downtime: "while it starts there" };
  const nodes = { ...(source.node && { from: source.node }), ...(target.node && { to: target.node }) };
  return {
    from: source.claim ?? "emptyDir",
    ...(across && { across: nodes }),
    ...(source.size && { atMost: source.size }),
  };
}

/** Notes that a service changes to a new claim without its data. No data is lost, but the new claim is empty. */
function withBegin(volume: VolumeImpact, changes: readonly ResourceChange[]): VolumeImpact {
  const left = volume.fate === "created" ? leftClaim(volume.volume, changes) : undefined;
  return left === undefined
    ? volume
    : { ...volume, notes: [`begins empty: the service's data stays in ${left}`, ...volume.notes] };
}

/** A clean-up takes nothing from a claim that begins empty. Where more than old files go, that is what is said. */
function withCleanup(volume: VolumeImpact, cleanups: readonly ShorterCleanup[]): VolumeImpact {
  const found = cleanups.find(({ claim }) => claim === volume.volume);
  if (!found || ["created", "deleted", "replaced"].includes(volume.fate)) return volume;
  const { claim: _, pod: __, ...cleanup } = found;
  return { ...volume, cleanup, fate: volume.atRisk ? volume.fate : "cleaned", atRisk: true };
}

const sizeOf = ({ inputs }: ResourceState) => inputs?.spec?.resources?.requests?.storage ?? "";
/** A claim without a class got the cluster's default class when it was made. */
const classOf = ({ inputs }: ResourceState, before?: ResourceState) =>
  inputs?.spec?.storageClassName ?? before?.outputs?.spec?.storageClassName ?? null;
const lost = ({ change }: ResourceChange) => change === "deleted" || change === "replaced";

function fateOf({ change, before, after }: ResourceChange): Fate {
  if (change === "deleted" || change === "replaced" || change === "created") return change;
  if (unprotects(before, after) || (change === "imported" && !after?.protect)) return "unprotected";
  if (change === "imported") return "adopted";
  return before && after && grows(before, after) ? "grown" : "kept";
}

/** Only the state knows the protection. Removing it doesn't change the object, so the engine calls the step "same". */
export const unprotects = (before?: ResourceState, after?: ResourceState) =>
  Boolean(before?.protect && after && !after.protect);

const grows = (before: ResourceState, after: ResourceState) => amount(sizeOf(after)) > amount(sizeOf(before));

function differences(before?: ResourceState, after?: ResourceState): Pick<VolumeImpact, "before"> {
  if (!before || !after) return {};
  const size = sizeOf(before) === sizeOf(after) ? {} : { size: sizeOf(before) };
  const [was, is] = [classOf(before, before), classOf(after, before)];
  const name = was === is ? {} : { class: was };
  return Object.keys({ ...size, ...name }).length > 0 ? { before: { ...size, ...name } } : {};
}

function notesOf({ before, after, replaceReasons }: ResourceChange, fate: Fate, move?: Move, source?: Move): string[] {
  const notes: string[] = [];
  if (fate === "replaced" && replaceReasons.length > 0)
    notes.push(`because of ${replaceReasons.map(shortPath).join(", ")}`);
  if (fate === "deleted" && before?.retainOnDelete) notes.push("stays in the cluster, and no stack looks after it");
  if (move?.replace) notes.push("what was written to it since the data left is replaced by the newer data");
  if (source?.restore) notes.push("the service leaves it; stays as it is until it is released");
  else if (source)
    notes.push(
      `the data goes on in ${source.target.claim ?? "the pod's own directory"}; stays as it is until it is released`,
    );
  if ((fate === "created" || fate === "moved") && !after?.protect) notes.push("not protected");
  if (fate === "kept" && !after?.protect) notes.push("not protected, as before");
  return notes;
}

const shortPath = (path: string) => path.replace(/^(spec|metadata)\./, "");
