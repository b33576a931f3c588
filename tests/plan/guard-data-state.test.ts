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
const retain = `kubectl patch pv pvc-1 -p '{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}'`;
const inUse = "claim redis-data in namespace local-ai-system";
const bothGo = "as soon as no pod uses it, the claim and the data on its volume pvc-1 go";
const adoptFirst =
  "don't restart its pod; npm run adopt first sets the volume to Retain and then makes the claim again on it";

describe("what happened to the data in the cluster is a fault", () => {
  const table: [what: string, services: string, ClaimFacts[], VolumeFacts[], faults: string[]][] = [
    ["not a claim on its volume", redis, [there()], [volume()], []],
    ["not a claim that waits for its first pod", redis, [claim({ phase: "Pending" })], [], []],
    ["not a claim that is not there yet", redis, [], [], []],
    [
      "a claim that is being deleted, with a volume that goes with it",
      redis,
      [there({ deleting: true })],
      [volume({ reclaimPolicy: "Delete" })],
      [`services.redis: ${inUse} is being deleted: ${bothGo} (policy Delete); ${adoptFirst}`],
    ],
    [
      "a claim that is being deleted, with a volume that stays",
      redis,
      [there({ deleting: true })],
      [volume()],
      [
        `services.redis: ${inUse} is being deleted: the claim goes as soon as no pod uses it, and its volume pvc-1 ` +
          `stays (policy Retain); ${adoptFirst}`,
      ],
    ],
    [
      "a claim that is being deleted and never had a volume",
      redis,
      [claim({ phase: "Pending", deleting: true })],
      [],
      [`services.redis: ${inUse} is being deleted: the claim goes as soon as no pod uses it; ${adoptFirst}`],
    ],
    [
      "a kept claim that is being deleted: a release may have been interrupted",
      moved,
      [there({ deleting: true }), claim({ name: "redis-data-2", className: "fast" })],
      [volume({ reclaimPolicy: "Delete" })],
      [
        `services.redis.kept[0]: ${inUse} is being deleted: ${bothGo} (policy Delete); ${adoptFirst}; where it was ` +
          "npm run release that was interrupted: npm run release -- redis --generation 1 finishes it",
      ],
    ],
    [
      "a claim that has lost its volume",
      redis,
      [there({ phase: "Lost" })],
      [],
      [
        `services.redis: ${inUse} is Lost: its volume pvc-1 is gone from the cluster; make PersistentVolume pvc-1 ` +
          "again for the directory or disk that it had (docs/recovery.md)",
      ],
    ],
    [
      "a volume that is being deleted",
      redis,
      [there()],
      [volume({ deleting: true, reclaimPolicy: "Delete" })],
      [
        `services.redis: volume pvc-1 of ${inUse} is being deleted: it goes with the claim, and with the policy ` +
          `Delete its data; set it to Retain first: ${retain}; then move the data to another volume: npm run move ` +
          "-- redis --anew",
      ],
    ],
    [
      "a volume that has failed",
      redis,
      [there()],
      [volume({ phase: "Failed", message: "no such disk" })],
      [
        `services.redis: volume pvc-1 of ${inUse} is Failed (no such disk); see what its storage says: kubectl ` +
          "describe pv pvc-1",
      ],
    ],
  ];
  for (const [what, services, claims, volumes, faults] of table)
    it(what, () => assert.deepEqual(said(services, claims, { volumes }), { faults, warnings: [] }));

  it("but for adopting, which decides itself", () =>
    assert.deepEqual(said(redis, [there({ deleting: true })], { volumes: [volume()], adopting: true }).faults, []));

  it("is a warning for a kept volume that is being deleted: its data can still be moved away", () =>
    assert.deepEqual(
      said(moved, [there(), claim({ name: "redis-data-2", className: "fast" })], {
        volumes: [volume({ deleting: true })],
      }),
      {
        faults: [],
        warnings: [
          `services.redis.kept[0]: volume pvc-1 of ${inUse} is being deleted: it goes with the claim; once its data ` +
            "has moved on: npm run release -- redis --generation 1 lets it go",
        ],
      },
    ));

  it("is not known without the right to list volumes, which is a warning", () => {
    const { faults, warnings } = said(redis, [there({ deleting: true })], { volumes: undefined });
    assert.deepEqual(faults, [`services.redis: ${inUse} is being deleted: ${bothGo}; ${adoptFirst}`]);
    assert.deepEqual(warnings, [
      "these credentials may not list PersistentVolumes, so it is not known whether an earlier volume still has a " +
        "claim's data, or whether a volume is being deleted; have the right to list persistentvolumes granted",
    ]);
  });

  it("also where the service is gone from the config: its pod would stop", () =>
    assert.deepEqual(said("qdrant: { size: 1Gi }", [there({ deleting: true })], { volumes: [volume()] }).faults, [
      "services.redis: is gone from the config, but its claim redis-data is in namespace local-ai-system; to take " +
        "the service out and keep its data, leave services.redis in and set run: false",
    ]));
});
