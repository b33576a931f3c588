import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../stack";

const { versionFault } = createRequire(__filename)("../../node-version.cjs") as {
  versionFault: (version: string) => string | undefined;
};

describe("an old Node", () => {
  const refused = (version: string) =>
    `Node 22.12 or newer is needed, and this is Node ${version} (${process.execPath}); install Node 22 and put it ` +
    `first on PATH, or use the one that npm ci has installed: ` +
    `PATH="$PWD/node_modules/node-${process.platform}-${process.arch}/bin:$PATH" pulumi up`;

  for (const version of ["18.20.8", "20.10.0", "20.19.5", "22.11.0"])
    it(`${version} is refused`, () => assert.equal(versionFault(version), refused(version)));
  for (const version of ["22.12.0", "22.23.3", "23.0.0", "24.1.0"])
    it(`${version} is not`, () => assert.equal(versionFault(version), undefined));

  /** What the program says under a Node that states this version. */
  function runAs(version: string): { status: number | null; caught: string } {
    const directory = mkdtempSync(join(tmpdir(), "node-version-"));
    try {
      const preload = join(directory, "preload.cjs");
      writeFileSync(
        preload,
        `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } });
        process.on("uncaughtException", (error) => {
          console.log(JSON.stringify({ message: error.message, stack: error.stack, run: error.__pulumiRunError,
            loaded: Object.keys(require.cache).filter((file) => !file.includes("preload")).length }));
          process.exit(3);
        });`,
      );
      const { status, stdout } = spawnSync(process.execPath, ["--require", preload, join(root, "main.cjs")], {
        encoding: "utf8",
      });
      return { status, caught: stdout };
    } finally {
      rmSync(directory, { recursive: true });
    }
  }

  it("is told so in one line by pulumi up, before anything else is loaded", () => {
    const { status, caught } = runAs("18.20.8");
    assert.equal(status, 3);
    const { loaded, ...error } = JSON.parse(caught) as Record<string, unknown>;
    assert.deepEqual(error, { message: refused("18.20.8"), stack: refused("18.20.8"), run: true });
    // node-version.cjs and package.json: what throws is in the cache no more.
    assert.equal(loaded, 2);
  });

  it("is not what the tools, CI and the lock file state", () => {
    const read = (file: string) => readFileSync(join(root, file), "utf8");
    const lock = JSON.parse(read("package-lock.json")) as { packages: Record<string, { engines?: { node: string } }> };
    assert.equal(lock.packages[""]?.engines?.node, ">=22.12");
    assert.equal(versionFault(read(".nvmrc").trim()), undefined);
    for (const name of ["p-limit", "p-retry", "execa", "@pulumi/pulumi"])
      assert.match(lock.packages[`node_modules/${name}`]?.engines?.node ?? "", />=2[02]/, name);
  });
});
