import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dependencies } from "../../local-cluster/package.json";
import program from "../../package.json";

interface Locked {
  resolved?: string;
  link?: boolean;
}

describe("the workspace local-cluster", () => {
  const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8")) as { packages: Record<string, Locked> };

  it("has the same version as the program of each package that both use", () => {
    const ofProgram: Record<string, string> = { ...program.devDependencies, ...program.dependencies };
    const shared = Object.entries(dependencies).filter(([name]) => ofProgram[name] !== undefined);
    assert(shared.length > 5);
    for (const [name, version] of shared) assert.equal(version, ofProgram[name], name);
  });

  it("pins every version exactly", () => {
    for (const [name, version] of Object.entries(dependencies)) assert.match(version, /^\d+\.\d+\.\d+$/, name);
  });

  it("has no node_modules of its own, which ops/install.mjs would not move", () => {
    const own = Object.keys(packages).filter((path) => path.startsWith("local-cluster/"));
    assert.deepEqual(own, []);
    assert.deepEqual(packages["node_modules/@cluster-storage/local-cluster"], {
      resolved: "local-cluster",
      link: true,
    });
  });

  it("leaves the registry's address out of the lock file", () => {
    const addressed = Object.entries(packages).filter(([, { resolved, link }]) => resolved !== undefined && !link);
    assert.deepEqual(addressed, []);
  });
});
