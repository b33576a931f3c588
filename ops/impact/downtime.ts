import type { ClaimFacts } from "../../model/facts";
import { bytes, formatBytes } from "../../model/quantity";
import type { Moved } from "../../model/mover";
import { movedAnnotation } from "../../model/metadata";
import type { Impact, VolumeImpact } from "./types";

/** Seconds that a move needs in addition to the copy: one pod stops, and another starts. */
const stopAndStart = 10;

/**
 * The rates of the cluster's earlier moves, in bytes per second. Each copied claim has its move's rate in
 * an annotation.
 */
export function ratesOf(claims: readonly Pick<ClaimFacts, "annotations">[]): number[] {
  return claims.flatMap(({ annotations }) => {
    const moved = annotations[movedAnnotation];
    const { bytes: copied = 0, seconds = 0 } = moved === undefined ? {} : readMoved(moved);
    return copied > 0 && seconds > 0 ? [copied / seconds] : [];
  });
}

/** Any claim of the cluster may have the annotation, and anybody may have written it, so its text may be invalid. */
function readMoved(text: string): Partial<Moved> {
  try {
    return (JSON.parse(text) as Moved | null) ?? {};
  } catch {
    return {};
  }
}

/**
 * Adds to the report how long each move takes the service down at most, based on the slowest earlier move. Without
 * earlier moves the report stays as it is.
 */
export function withDowntime(impact: Impact, rates: readonly number[]): Impact {
  if (rates.length === 0) return impact;
  return { ...impact, volumes: impact.volumes.map((volume) => estimate(volume, Math.min(...rates))) };
}

function estimate(volume: VolumeImpact, rate: number): VolumeImpact {
  const amount = bytes(volume.move?.atMost ?? "");
  if (!volume.move || amount === undefined) return volume;
  const seconds = Math.ceil(amount / rate) + stopAndStart;
  return {
    ...volume,
    move: {
      ...volume.move,
      downtime:
        `at most ${duration(seconds)}, at the ${formatBytes(rate)}/s of this cluster's slowest ` +
        `move so far${volume.move.across ? ", and longer where the network between the nodes is slower" : ""}`,
    },
  };
}

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.ceil(seconds / 60)} min` : `${Math.ceil(seconds / 3600)} h`;
}
