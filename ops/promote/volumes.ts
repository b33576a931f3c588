import {
  backTo,
  type ClaimEntry,
  type EntryEdit,
  keep,
  nodeEdit,
  type Placement,
  type VolumeEntry,
} from "../move/claim-entry";
import type { CompareOptions, Difference } from "./difference";
import { ownNodes } from "./rules";

/**
 * Compares two stacks that are on different generations of a claim's volume. A later generation is carried over: the
 * target gets the same number and backend, keeps its own size, and keeps the volume that it is on now. The target goes
 * back to an earlier generation only if that is asked for.
 */
export function compareVolumes(
  path: string[],
  from: ClaimEntry,
  to: ClaimEntry,
  { to: target, moveBack }: Pick<CompareOptions, "to" | "moveBack">,
): Difference[] {
  const at = { path, from: describe(from), to: describe(to) };
  if (isRestored(from) || isRestored(to)) return [{ ...at, kind: "intent", reason: ownData }];
  if (onlyNodes(from, to) || onlyNodes(to, from)) return [{ ...at, kind: "intent", reason: ownNodes }];
  if (from.generation > to.generation)
    return [
      {
        ...at,
        kind: "carried",
        reason: `moves data: ${target} keeps its own size, ${to.size}, and the volume that it leaves`,
        edit: moveOn(from, to),
      },
    ];
  if (from.generation < to.generation) return [{ ...at, ...goBack(from, to, target, moveBack) }];
  const released = to.kept.filter(
    ({ generation }) => generation < to.generation && !from.kept.some((kept) => kept.generation === generation),
  );
  if (released.length === 0) return [];
  return [
    {
      ...at,
      kind: "left",
      reason: `${target} still keeps a volume that was released in the source; ` + `npm run release deletes it there`,
    },
  ];
}

/** What a stack had brought back from a point is about its own data. */
const isRestored = ({ from }: ClaimEntry) => typeof from === "object";
const ownData = "a point was brought to a volume there, and each stack has data of its own";

/**
 * Whether `moved` is ahead only by moves from node to node. Such moves concern its own cluster, so no other stack has
 * to follow.
 */
function onlyNodes(moved: ClaimEntry, other: ClaimEntry): boolean {
  const before = moved.kept.find(({ generation }) => generation === other.generation) ?? other;
  const same =
    moved.backend === before.backend && moved.class === before.class && moved.accessMode === before.accessMode;
  const ahead =
    moved.generation > other.generation && !other.kept.some(({ generation }) => generation === moved.generation);
  return ahead && same && moved.node !== undefined;
}

const describe = ({ generation, kept }: ClaimEntry) =>
  `generation ${generation}${kept.length > 0 ? `, kept: ${kept.map((volume) => volume.generation).join(", ")}` : ""}`;

function moveOn(from: ClaimEntry, to: ClaimEntry): EntryEdit {
  // The node of the place that the claim leaves says nothing about the next place.
  return {
    ...placement(from),
    ...nodeEdit(to, undefined),
    generation: from.generation,
    from: undefined,
    kept: keep(to.kept, to),
  };
}

function placement({ backend, class: name }: VolumeEntry): Placement | EntryEdit {
  if (backend !== undefined) return { backend };
  return name === undefined ? { backend: undefined, class: undefined } : { class: name };
}

function goBack(
  from: ClaimEntry,
  to: ClaimEntry,
  target: string,
  moveBack: boolean,
): Pick<Difference, "kind" | "reason" | "edit"> {
  const earlier = to.kept.find(({ generation }) => generation === from.generation);
  if (!earlier)
    return {
      kind: "left",
      reason: `${target} has released generation ${from.generation}, so it can't go back to it`,
    };
  const asItWas = from.from === "none";
  const means = asItWas
    ? `what was written since then stays behind in generation ${to.generation}`
    : `the newest data is copied from generation ${to.generation} to ${from.generation}`;
  if (!moveBack)
    return {
      kind: "left",
      reason: `${target} stays on generation ${to.generation}; with --move-back its data would move back: ${means}`,
    };
  return { kind: "carried", reason: `MOVES DATA BACK: ${means}`, edit: backTo(to, earlier, asItWas) };
}
