import assert from "node:assert/strict";
import type { VolumeFacts } from "../../../model/facts";
import { judgeRelease } from "../../../ops/recover/releases";
import { claimFacts, volumeFacts } from "../../facts";

describe("a release that was cut off", () => {
  const volume = (more: Partial<VolumeFacts> = {}) =>
    volumeFacts({
      name: "pvc-1",
      claim: "cache/redis-data",
      claimUid: "first",
      releasing: { stack: "shop/dev", claim: "first" },
      ...more,
    });
  const claim = claimFacts({ namespace: "cache", name: "redis-data", uid: "first" });
  const finish =
    "the release of claim cache/redis-data was cut off after the claim's deletion: its volume pvc-1 still has the " +
    "data (policy Retain). To finish the release, run the same npm run release again";

  it("before it deleted anything: nothing is lost, and the note goes", () =>
    assert.deepEqual(judgeRelease(volume(), claim), {
      over: true,
      says:
        "the release of claim cache/redis-data was cut off before it deleted anything: its volume pvc-1 keeps its " +
        "policy Retain, and the note was removed. Where redis-data is still to go, run npm run release again",
    }));
  it("after the claim's deletion: the release can be finished", () =>
    assert.deepEqual(judgeRelease(volume(), undefined), { over: false, says: finish }));
  it("while the claim is on its way out: the same", () =>
    assert.deepEqual(judgeRelease(volume(), { ...claim, deleting: true }), { over: false, says: finish }));
  it("though a new claim has the name: the volume is still the old one's", () =>
    assert.deepEqual(judgeRelease(volume(), { ...claim, uid: "second" }), { over: false, says: finish }));
  it("of a volume that is another claim's since: the note goes", () =>
    assert.deepEqual(judgeRelease(volume({ claimUid: "second" }), { ...claim, uid: "second" }), {
      over: true,
      says:
        "volume pvc-1 still had the note of an earlier release and is claim cache/redis-data's now: the " +
        "note was removed",
    }));
});
