import type { ClaimConfig } from "../model/config";
import type { ClaimPlan, MovePlan, VolumePlan } from "../model/storage";
import { claimArgument, volumePath, type VolumePlace } from "../model/config-path";
import type { Fault } from "../model/plan";
import { amount } from "../model/quantity";
import { shortPoint } from "../model/restore";

/**
 * The kept generation that is copied to the one in use: the one that `from` names, else the newest before it. Undefined
 * where nothing is copied. Of a restore it is the one that the service leaves.
 */
export function sourceOf({
  generation,
  kept,
  from,
}: Pick<ClaimConfig, "generation" | "kept" | "from">): number | undefined {
  if (from === "none") return undefined;
  if (typeof from === "number") return from;
  if (from?.leaves !== undefined) return from.leaves;
  const earlier = kept.map((entry) => entry.generation).filter((other) => other < generation);
  return earlier.length > 0 ? Math.max(...earlier) : undefined;
}

/** What is wrong with the numbers of a claim's volumes. */
export function checkGenerations({ generation, kept, from }: ClaimConfig, claim: VolumePlace): Fault[] {
  const faults: Fault[] = [];
  kept.forEach((entry, i) => {
    const at = volumePath({ ...claim, keptIndex: i }, "generation");
    if (entry.generation === generation)
      faults.push({ path: at, message: `generation ${generation} is in use; remove it from kept` });
    else if (kept.findIndex((other) => other.generation === entry.generation) < i)
      faults.push({ path: at, message: `generation ${entry.generation} is listed twice; list each kept volume once` });
  });
  const known = kept.map((entry) => entry.generation);
  if (typeof from === "object" && !known.some((other) => other < generation))
    faults.push({
      path: volumePath(claim, "from"),
      message:
        "names a point, and no earlier generation is kept; a point is brought to a new generation beside the one in " +
        `use: npm run restore -- ${claim.service}`,
    });
  const there =
    known.length > 0 ? `these are kept: ${[...known].sort((a, b) => a - b).join(", ")}` : "no generation is kept";
  const { leaves } = typeof from === "object" ? from : {};
  if (leaves !== undefined && !(known.includes(leaves) && leaves < generation))
    faults.push({
      path: `${volumePath(claim, "from")}.leaves`,
      message: `generation ${leaves} is no kept one before ${generation}, so the service can't leave it; ${there}`,
    });
  if (typeof from === "number" && !known.includes(from)) {
    faults.push({
      path: volumePath(claim, "from"),
      message: `generation ${from} is not kept, so nothing can be copied from it; ${there}`,
    });
  }
  return faults;
}

/** The move that brings the data to the volume in use; undefined where no data has to be brought there. */
export function planMove(
  volume: string,
  config: ClaimConfig,
  current: VolumePlan,
  kept: VolumePlan[],
): MovePlan | undefined {
  const from = kept.find(({ generation }) => generation === sourceOf(config));
  if (from && typeof config.from === "object")
    return {
      job: `${volume}-${shortPoint(config.from.point)}-to-${current.generation}`,
      kind: "restore",
      from,
      replace: false,
      restore: { ...config.from, keys: [] },
    };
  if (!from || (from.ephemeral && current.ephemeral)) return undefined;
  const kind = from.ephemeral ? "fill" : current.ephemeral ? "spill" : "copy";
  // The data returns to an earlier volume, whose own content is older.
  const replace = from.generation > current.generation;
  const across = kind === "copy" && mayBeElsewhere(from.node, current.node, replace);
  return {
    job: `${volume}-${from.generation}-to-${current.generation}`,
    kind,
    from,
    replace,
    ...(across && { across }),
  };
}

/**
 * Whether the target may be on another node than the source. If the config names no node for a new volume, it is made
 * on the node of the pod that fills it. That pod mounts the source.
 */
const mayBeElsewhere = (source: string | undefined, target: string | undefined, replace: boolean) =>
  target === undefined ? source !== undefined && replace : target !== source;

/** Whether a move brings a service's first volume, whose size its variables follow, to a smaller one. */
export const movesToSmaller = ([first]: readonly ClaimPlan[]): boolean =>
  first?.move !== undefined && amount(first.size) < amount(first.move.from.size);

/**
 * Refuses moves that can't be carried out. Data that goes to a directory of a pod arrives there when a new pod starts,
 * so no other move of the service may replace that pod afterwards.
 */
export function checkMoves(claims: ClaimPlan[]): Fault[] {
  const moves = claims.filter(({ move }) => move);
  const spills = moves.filter(({ move }) => move?.kind === "spill");
  const templated = spills.filter(({ move }) => move?.from.template);
  if (templated.length > 0)
    return templated.map((claim) => ({ path: volumePath(claim, "generation"), message: templateFault }));
  const other = moves.find((claim) => claim !== spills[0]);
  if (!spills[0] || !other) return [];
  const name = claimArgument(other);
  return [
    {
      path: volumePath(spills[0], "generation"),
      message:
        `this claim's data can't go to a directory of the pod while the move of ${name} is in the file too; finish ` +
        `that one first: run the update, then npm run release -- ${name}`,
    },
  ];
}

const templateFault =
  "the data can't go to a directory of the pod, because the claim comes from a StatefulSet's template, which can't " +
  "be changed: the StatefulSet would be made anew after the data has arrived, and the directory is deleted with its " +
  "pod; keep the data on a claim, or start empty with from: none";
