import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { backendTypes } from "../../backends/catalogue";
import { root } from "../stack";

describe("backends", () => {
  it("are the folders that have a backend.ts", () => {
    assert.deepEqual(
      [...backendTypes.keys()],
      ["ephemeral", "existing", "local-path", "longhorn", "nfs", "openebs-lvm", "rook-ceph", "static"],
    );
  });

  it("cost nothing that a stack doesn't use: none of them loads Pulumi", () => {
    const script =
      `require("./backends/catalogue"); console.log(Object.keys(require.cache).filter((file) => ` +
      `file.includes("@pulumi")).length)`;
    assert.equal(
      execFileSync(process.execPath, ["--require", "./transpile.cjs", "--eval", script], {
        cwd: root,
        encoding: "utf8",
      }).trim(),
      "0",
    );
  });
});
