import assert from "node:assert/strict";
import type { ClaimFacts, VolumeFacts } from "../../model/facts";
import { volumeFacts } from "../facts";
import { claim, moved, redis, said } from "./guard-fixture";

const there = (more: Partial<ClaimFacts> = {}) => claim({ volume: "pvc-1", ...more });
const volume = (more: Partial<VolumeFacts> = {}) =>
  volumeFacts({
    className: "local-path",
    phase: "Bound",
    claim: "local-ai-system/redis-data",
    claimUid: "uid-of-claim",
    ...more,
  });
const released = (more: Partial<VolumeFacts> = {}) => volume({ phase: "Released", ...more });
const hasLeft = "services.redis: there is no claim redis-data in namespace local-ai-system, and its data is on";
const beside = "a new claim would begin empty beside it";
const bringBack = "npm run adopt brings the claim back on it";
const keepFirst =
  "its policy Delete deletes it; to keep it: kubectl patch pv pvc-1 -p " +
  `'{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}', then npm run adopt; to begin empty, wait until it is gone`;
const filesStay = "which leaves the files where they are";

describe("a volume that a deleted claim has left", () => {
  const table: [what: string, services: string, ClaimFacts[], VolumeFacts[], faults: string[]][] = [
    ["is not somebody else's", redis, [], [released({ claim: "other/redis-data" })], []],
    [
      "a claim that is gone, with its volume left",
      redis,
      [],
      [released()],
      [
        `${hasLeft} volume pvc-1 (Released, 1Gi); ${beside}; ${bringBack}; to begin empty instead: kubectl delete ` +
          `pv pvc-1, ${filesStay}`,
      ],
    ],
    [
      "a claim that is gone, with several volumes left",
      redis,
      [],
      [released(), released({ name: "pvc-2" })],
      [
        `${hasLeft} volume pvc-1 (Released, 1Gi) and volume pvc-2 (Released, 1Gi); ${beside}; npm run adopt says how ` +
          `to choose one of them; to begin empty instead: kubectl delete pv pvc-1 pvc-2, ${filesStay}`,
      ],
    ],
    [
      "a claim that is gone, with a volume that its policy deletes",
      redis,
      [],
      [released({ reclaimPolicy: "Delete" })],
      [`${hasLeft} volume pvc-1 (Released, 1Gi); ${beside}; ${keepFirst}`],
    ],
    [
      "a kept claim that is gone, with its volume left",
      moved,
      [claim({ name: "redis-data-2", className: "fast" })],
      [released({ reclaimPolicy: "Delete" })],
      [
        `${hasLeft.replace(":", ".kept[0]:")} volume pvc-1 (Released, 1Gi); ${beside}; ${keepFirst}; where it was ` +
          "npm run release that was interrupted: npm run release -- redis --generation 1 finishes it",
      ],
    ],
    [
      "not a volume that waits for a claim of this name and fits",
      redis,
      [],
      [released({ phase: "Available", claimUid: undefined })],
      [],
    ],
    [
      "a volume that waits for a claim of this name and has another class",
      redis,
      [],
      [released({ phase: "Available", claimUid: undefined, className: "fast" })],
      [
        `${hasLeft} volume pvc-1 (Available, 1Gi); ${beside}; ${bringBack}; to begin empty instead: kubectl delete ` +
          `pv pvc-1, ${filesStay}`,
      ],
    ],
    [
      "not a volume that the config names",
      "redis: { size: 1Gi, backend: made }",
      [],
      [released({ name: "pv-new", className: "" })],
      [],
    ],
  ];
  for (const [what, services, claims, volumes, faults] of table)
    it(what, () => assert.deepEqual(said(services, claims, { volumes }), { faults, warnings: [] }));

  it("is a warning for an earlier claim's volume beside the one in use", () =>
    assert.deepEqual(said(redis, [there()], { volumes: [volume(), released({ name: "pvc-0", size: "2Gi" })] }), {
      faults: [],
      warnings: [
        "services.redis: volume pvc-0 (Released, 2Gi) was left by an earlier claim redis-data in namespace " +
          "local-ai-system; its data is not in use; docs/adopting.md says how to have it as a kept volume",
      ],
    }));
});
