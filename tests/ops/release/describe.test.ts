import assert from "node:assert/strict";
import { chooseKept, decideRelease, type ReleaseFacts } from "../../../ops/release/decide";
import { describeRelease } from "../../../ops/release/describe";
import { volumeFacts } from "../../facts";
import { facts, moved, owner } from "./fixtures";

describe("what a release shows", () => {
  const volume = volumeFacts({ name: "pvc-u", tiedTo: ["node-1"] });
  const now = new Date("2026-11-22T06:40:00Z");
  const shown = (given: ReleaseFacts, proven = true, points?: string) => {
    const kept = chooseKept("redis", moved);
    return describeRelease(moved, kept, given, proven ? decideRelease("redis", moved, kept, owner, given) : undefined, {
      now,
      ...(points !== undefined && { points }),
    }).split("\n");
  };
  it("is the volume, and when and how its copy was checked", () => {
    assert.deepEqual(shown(facts({ volume })), [
      "  claim   redis-data in namespace local-ai-system, generation 1; the service uses redis-data-2",
      "  size    1Gi, class local-path, 3d old",
      "  volume  pvc-u on node-1",
      "  data    copied to redis-data-2, checked, 2026-11-22 05:40 UTC: 3 files, 2.0 KiB, every checksum the " +
        "same (SHA-256 over all 0123456789abcdef…)",
    ]);
  });
  it("is what the repository has of it too, where the service has a backup", () =>
    assert.equal(shown(facts({ volume }), true, "NONE in the repository").at(-1), "  points  NONE in the repository"));
  it("says that a volume made by hand stays, and that nothing proves a copy", () => {
    const lines = shown(facts({ volume: { ...volume, name: "by-hand", provisioned: false } }), false);
    assert.equal(
      lines[2],
      "  volume  by-hand on node-1; it was made by hand, so it stays in the cluster (phase Released) with its data",
    );
    assert.equal(lines[3], "  data    NOT known to be anywhere else: what only this volume holds will be lost");
  });
  it("says that it finishes what was cut off, and which volume is left", () =>
    assert.deepEqual(shown(facts({ claim: undefined, volume })).slice(1, 3), [
      "  state   the claim is gone already: this finishes an earlier release that was killed",
      "  volume  pvc-u, which the claim has left",
    ]));
});
