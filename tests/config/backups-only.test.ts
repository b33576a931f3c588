import assert from "node:assert/strict";
import { backupsOnly, backupsOnlyVariable } from "../../config/backups-only";

describe("an update that makes only what the backups need", () => {
  const nothing = { known: {}, rotations: {} };
  afterEach(() => delete process.env[backupsOnlyVariable]);

  it("is asked for by a variable, for a stack without services", () => {
    assert.equal(backupsOnly(nothing), false);
    process.env[backupsOnlyVariable] = "true";
    assert.equal(backupsOnly(nothing), true);
  });

  for (const [which, had] of [
    ["with claims", { ...nothing, known: { "cache/redis-data": "uid-1" } }],
    ["with data in its pod's own directory alone", { ...nothing, rotations: { redis: 1 } }],
  ] as const)
    it(`is refused where it would take a service away ${which}`, () => {
      process.env[backupsOnlyVariable] = "true";
      assert.throws(() => backupsOnly(had), {
        message: "the stack has services, so unset the variable CLUSTER_STORAGE_BACKUPS_ONLY\nNothing was changed.",
      });
      delete process.env[backupsOnlyVariable];
      assert.equal(backupsOnly(had), false);
    });
});
