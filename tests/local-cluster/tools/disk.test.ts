import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { checkRoom } from "../../../local-cluster/tools/disk";
import { UserError } from "../../../model/user-error";

const missing = `${tmpdir()}/not/there/yet`;
const needs = [
  { directory: tmpdir(), gigabytes: 7, variable: "GOCACHE" },
  { directory: missing, gigabytes: 1.5, variable: "CLUSTER_STORAGE_CACHE" },
];

describe("room for the build", () => {
  it("is enough when all needs of a disk fit together", async () => {
    await checkRoom(needs, async () => 8.5);
  });

  it("is refused with the sum, and where else it could go", async () => {
    await assert.rejects(
      checkRoom(needs, async () => 8.44),
      new UserError(
        [
          "Building the tools needs about 9 GB of disk, but only 8.4 GB are free. Nothing was built.",
          `  7 GB in ${tmpdir()} (GOCACHE)`,
          `  1.5 GB in ${missing} (CLUSTER_STORAGE_CACHE)`,
          "Free some space, or set one of these variables to a directory on another disk.",
        ].join("\n"),
      ),
    );
  });

  it("measures the disk of a directory that isn't there yet", async () => {
    await checkRoom([{ directory: missing, gigabytes: 0, variable: "X" }]);
    await assert.rejects(
      checkRoom([{ directory: missing, gigabytes: 1e9, variable: "X" }]),
      /needs about 1000000000 GB of disk, but only [\d.]+ GB are free/,
    );
  });
});
