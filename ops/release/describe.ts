import type { ClaimPlan, VolumePlan } from "../../model/storage";
import { formatAge, formatTime } from "../terminal/age";
import { formatBytes } from "../../model/quantity";
import type { Proof, ReleaseFacts } from "./decide";

/** What a release would delete, as lines for a person. */
export function describeRelease(
  claim: ClaimPlan,
  volume: VolumePlan,
  facts: ReleaseFacts,
  proof: Proof,
  { points, now = new Date() }: { points?: string; now?: Date } = {},
): string {
  const rows: [string, string][] = volume.ephemeral
    ? [["volume", "a directory of an earlier pod, gone with that pod: only the stack file still names it"]]
    : [
        [
          "claim",
          `${volume.name} in namespace ${volume.namespace}, generation ${volume.generation}; the service ` +
            `uses ${claim.ephemeral ? "the pod's own directory" : claim.name}`,
        ],
        ...claimRows(volume, facts, now),
      ];
  return [...rows, ["data", describeProof(proof)] as [string, string], ...pointRow(points)]
    .map(([what, value]) => `  ${what.padEnd(8)}${value}`)
    .join("\n");
}

const pointRow = (points: string | undefined): [string, string][] => (points === undefined ? [] : [["points", points]]);

function claimRows(volume: VolumePlan, { claim, volume: found }: ReleaseFacts, now: Date): [string, string][] {
  if (!claim)
    return [
      ["state", "the claim is gone already: this finishes an earlier release that was killed"],
      ...(found ? [["volume", `${found.name}, which the claim has left`] as [string, string]] : []),
    ];
  const age = claim.created ? formatAge(new Date(claim.created), now) : "unknown";
  const rows: [string, string][] = [
    ["size", `${claim.capacity ?? volume.size}, class ${claim.className || "none"}, ${age} old`],
  ];
  if (!found) return [...rows, ["volume", "none: the claim was never used"]];
  const node = found.tiedTo;
  const hand = found.provisioned
    ? ""
    : "; it was made by hand, so it stays in the cluster (phase Released) with its data";
  return [...rows, ["volume", `${found.name}${node ? ` on ${node.join(", ")}` : ""}${hand}`]];
}

function describeProof(proof: Proof): string {
  if (!proof) return "NOT known to be anywhere else: what only this volume holds will be lost";
  const where = `copied to ${proof.to}, checked, ${formatTime(proof.at)}`;
  const { copied } = proof;
  return copied
    ? `${where}: ${copied.files} files, ${formatBytes(copied.bytes)}, every checksum the same (SHA-256 over ` +
        `all ${copied.sha256.slice(0, 16)}…)`
    : where;
}
