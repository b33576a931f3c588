import type { Move } from "../../model/mover";
import { isTemporary } from "../../model/temporary";
import { spillInit } from "../../model/spill";
import { objectOf, type ResourceChange, type ResourceState, serviceOf } from "./changes";
import type { VolumeImpact } from "./types";
import { isWorkload, restarts } from "./workloads";

/**
 * Directories of a workload that hold data and are deleted with its pod. Directories for temporary files are left out.
 */
export function ephemeralOf(changes: readonly ResourceChange[], moves: readonly Move[]): VolumeImpact[] {
  return changes
    .filter(({ after }) => isWorkload(after))
    .flatMap((change) =>
      [...directoriesOf(change.after)].map(([name, size]) => ephemeralImpact(change, name, size, moves)),
    );
}

function ephemeralImpact(change: ResourceChange, name: string, size: string, moves: readonly Move[]): VolumeImpact {
  const { urn, before, after } = change;
  const service = serviceOf(after!);
  const move = moves.find((each) => each.kind === "spill" && each.service === service && each.volume === name);
  const leaves = before !== undefined && !directoriesOf(before).has(name);
  const filled = [before, after].every((state) => fills(state, name));
  const emptied = !leaves && restarts(change);
  const notes = [
    ...(leaves && !move ? ["begins empty: the data stays in the claim that is left"] : []),
    ...(emptied
      ? [
          filled
            ? "filled anew from the claim that it left: what was written since is lost"
            : "emptied, because its pod starts anew",
        ]
      : ["goes with its pod: the next one begins empty"]),
  ];
  return {
    volume: `${objectOf(urn, after!)} ${name}`,
    service,
    fate: "ephemeral",
    size,
    class: null,
    ...(move && { move: { from: move.source.claim ?? "", ...(move.source.size && { atMost: move.source.size }) } }),
    notes,
    atRisk: leaves || (emptied && filled),
  };
}

/** Whether the directory is filled from a claim before the service starts (a spill). */
const fills = (state: ResourceState | undefined, volume: string) =>
  (state?.inputs?.spec?.template?.spec?.initContainers ?? []).some(({ name }) => name === spillInit(volume));

/** Name and size limit of each directory, without those for temporary files. */
function directoriesOf(state: ResourceState | undefined): Map<string, string> {
  const volumes = state?.inputs?.spec?.template?.spec?.volumes ?? [];
  return new Map(
    volumes.flatMap(({ name, emptyDir }) =>
      emptyDir && !isTemporary({ name, emptyDir }) ? [[name, emptyDir.sizeLimit ?? ""] as const] : [],
    ),
  );
}
