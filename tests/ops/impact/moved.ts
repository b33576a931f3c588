import assert from "node:assert/strict";
import type { VolumeImpact } from "../../../ops/impact/types";
import { notesOf } from "../../../ops/impact/words";
import { impactOfSteps, type Step } from "./recorded";

const line = (volume: VolumeImpact) =>
  [volume.volume, volume.fate, volume.atRisk ? "at risk" : "safe", notesOf(volume)].filter(Boolean).join(" | ");

export const ends = {
  kind: "copy",
  source: { claim: "redis-data", generation: 1, size: "1Gi" },
  target: { claim: "redis-data-2", generation: 2, size: "2Gi" },
  replace: false,
};

/** A case that no recording contains: its steps, and the volumes' lines in the report. */
export interface VolumeCase {
  steps: Step[];
  volumes: string[];
}

/** A test for each case, by its title. */
export function checkVolumes(cases: Record<string, VolumeCase>): void {
  for (const [title, { steps, volumes }] of Object.entries(cases)) {
    it(title, () => {
      const impact = impactOfSteps(...steps);
      assert.deepEqual(impact.volumes.map(line), volumes);
      assert.equal(impact.result, volumes.some((each) => each.includes("at risk")) ? "at-risk" : "safe");
    });
  }
}
