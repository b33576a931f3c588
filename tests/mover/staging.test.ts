import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadMover } from "./compiled";
import { describeTree } from "./tree";

const { discardStaging, finishSwap, openStaging, swapIn } = loadMover("copy/staging");

const marker = ".cluster-storage-copy-in-progress";
const [incoming, arriving] = [".cluster-storage-incoming", ".cluster-storage-arriving"];

describe("what is staged on a volume", () => {
  let root: string;
  let target: string;
  let staged: string[];

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "staging-"));
    target = join(root, "target");
    mkdirSync(join(target, "old/locked"), { recursive: true });
    for (const path of ["old/locked/a", "old/b", "same"]) writeFileSync(join(target, path), "old");
    chmodSync(join(target, "old/locked"), 0o555);
    const staging = openStaging(target);
    for (const directory of ["new/empty", "locked"]) mkdirSync(join(staging, directory), { recursive: true });
    for (const path of ["new/a", "locked/b", "same"]) writeFileSync(join(staging, path), `new ${path}`);
    symlinkSync("same", join(staging, "link"));
    chmodSync(join(staging, "locked"), 0o555);
    staged = describeTree(staging);
  });
  afterEach(() => {
    unlock("target");
    rmSync(root, { recursive: true });
  });

  const unlock = (path: string) => execFileSync("chmod", ["-R", "u+w", join(root, path)]);
  const mark = () => writeFileSync(join(target, marker), "redis\n");
  const clearOld = () => {
    unlock("target/old");
    for (const name of ["old", "same"]) rmSync(join(target, name), { recursive: true });
  };
  const arrive = (...names: string[]) => {
    renameSync(join(target, incoming), join(target, arriving));
    if (names.includes("locked")) unlock(`target/${arriving}/locked`);
    for (const name of names) renameSync(join(target, arriving, name), join(target, name));
    if (names.includes("locked")) chmodSync(join(target, "locked"), 0o555);
  };

  it("takes the place of what was there, with owner, mode, time and content", () => {
    swapIn(target, "redis");
    assert.deepEqual(describeTree(target), staged);
  });

  const cut: [string, () => void][] = [
    ["before anything of the old was removed", () => undefined],
    ["when a part of the old was removed", () => rmSync(join(target, "same"))],
    ["when the old was gone", clearOld],
    ["before anything had arrived", () => (clearOld(), arrive())],
    ["when a part had arrived", () => (clearOld(), arrive("same", "link"))],
    ["when all had arrived", () => (clearOld(), arrive(...readdirSync(join(target, incoming))))],
  ];
  for (const [when, state] of cut) {
    it(`does so too where that was cut off ${when}`, () => {
      mark();
      state();
      finishSwap(target);
      assert.deepEqual(describeTree(target), staged);
    });
  }

  it("is thrown away with nothing else touched", () => {
    discardStaging(target);
    assert.deepEqual(readdirSync(target).sort(), ["old", "same"]);
    assert.deepEqual(readdirSync(join(target, "old/locked")), ["a"]);
  });

  it("begins empty, whatever an earlier try left there", () => {
    assert.deepEqual(readdirSync(openStaging(target)), []);
  });
});
