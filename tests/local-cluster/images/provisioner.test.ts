import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findProvisioner, PROVISIONER_VERSION } from "../../../local-cluster/images/provisioner/image";

describe("the local cluster's provisioner", () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "provisioner-"))));
  afterEach(() => rmSync(directory, { recursive: true }));

  const program = (script: string) => {
    const file = join(directory, "program");
    writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return file;
  };
  const bin = "/tools";

  it("is the one that was built, unless told", async () => {
    for (const own of [undefined, ""])
      assert.deepEqual(await findProvisioner({ bin }, own), {
        binary: "/tools/local-path-provisioner",
        version: PROVISIONER_VERSION,
      });
  });

  it("is the user's own, of the version that it says", async () => {
    const binary = program('[ "$*" = --version ] && echo "local-path-provisioner version v0.0.37"');
    assert.deepEqual(await findProvisioner({ bin }, binary), { binary, version: "v0.0.37" });
  });

  for (const [about, script] of [
    ["says nothing", ":"],
    ["says no version", "echo local-path-provisioner version dev"],
    ["fails", "echo local-path-provisioner version v0.0.37; exit 1"],
  ] as const) {
    it(`is refused where it ${about}`, async () => {
      const binary = program(script);
      const message =
        `CLUSTER_STORAGE_PROVISIONER is ${binary}, but \`${binary} --version\` prints no version of ` +
        "local-path-provisioner. Unset the variable to use the provisioner that is built here.";
      await assert.rejects(findProvisioner({ bin }, binary), { name: "UserError", message });
    });
  }

  it("is refused where there is none", async () => {
    await assert.rejects(findProvisioner({ bin }, join(directory, "none")), { name: "UserError" });
  });
});
