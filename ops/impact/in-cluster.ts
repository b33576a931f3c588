import type { ClaimFacts } from "../../model/facts";
import type { Fate, Impact, VolumeImpact } from "./types";

/** What happens to a volume whose claim has to be there already. */
const expected: Fate[] = ["kept", "grown", "unprotected"];

/** Whether what the cluster has can change the report: a change that only makes or removes claims needs no look. */
export const asksCluster = ({ volumes }: Impact) =>
  volumes.some(({ fate, move }) => move !== undefined || expected.includes(fate));

/**
 * The report with what the cluster has of each volume. A preview compares the config with the state alone, so it calls
 * a claim kept that somebody has deleted.
 */
export function withCluster(impact: Impact, claims: readonly ClaimFacts[]): Impact {
  const found = new Map(claims.map((claim) => [`${claim.namespace}/${claim.name}`, claim]));
  const volumes = impact.volumes.map((volume) =>
    expected.includes(volume.fate) ? inCluster(volume, found.get(volume.volume)) : volume,
  );
  if (volumes.every((volume, i) => volume === impact.volumes[i])) return impact;
  const first = volumes.filter(({ atRisk }) => atRisk);
  return { ...impact, result: "at-risk", volumes: [...first, ...volumes.filter(({ atRisk }) => !atRisk)] };
}

function inCluster(volume: VolumeImpact, claim: ClaimFacts | undefined): VolumeImpact {
  const found = (fate: Fate, note: string): VolumeImpact => ({
    ...volume,
    fate,
    notes: [note, ...volume.notes],
    atRisk: true,
  });
  if (!claim) return found("missing", "the cluster has no such claim, and the change doesn't make it; npm run status");
  if (claim.deleting) return found("deleting", "somebody deleted it: it goes with its pod; npm run adopt keeps it");
  return claim.phase === "Lost" ? found("lost", `its volume ${claim.volume} is gone; npm run status`) : volume;
}
