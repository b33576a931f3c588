import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeTree, errorOf, makeTrees, removeTrees, runCopy, type Trees } from "./tree";

const root = process.getuid?.() === 0;
const ways = [
  { served: false, from: "a mounted source" },
  { served: true, from: "a source that is served" },
];

for (const { served, from } of ways)
  describe(`the copy program without the right to everything of ${from}`, function () {
    let trees: Trees;
    before(function () {
      if (!root) this.skip();
    });
    beforeEach(() => (trees = makeTrees(4711)));
    afterEach(() => removeTrees(trees));

    it("names the files that it can't read, before anything is copied", async () => {
      writeFileSync(join(trees.source, "theirs"), "x", { mode: 0o600 });
      mkdirSync(join(trees.source, "closed"), { mode: 0o700 });
      for (const action of ["measure", "copy"] as const) {
        const ended = await runCopy(action, trees, { user: 4711, served });
        assert.equal(ended.code, 3);
        const message = errorOf(ended);
        assert.match(message, /^uid 4711 can't copy everything of data: /);
        assert.match(message, /closed \(EACCES\)/);
        assert.match(message, /theirs can't be read, because it belongs to 0:0/);
      }
      assert.deepEqual(readdirSync(trees.target), []);
    });

    it("makes directories its own that the kubelet made at the target, and those of its source too", async () => {
      const kubelets = (directory: string) => {
        execFileSync("chown", ["0:4711", directory]);
        execFileSync("chmod", ["2775", directory]);
      };
      for (const name of ["data/databases", "logs"]) mkdirSync(join(trees.source, name), { recursive: true });
      writeFileSync(join(trees.source, "data/databases/kept"), "the same");
      writeFileSync(join(trees.source, "data/changed"), "newer");
      execFileSync("chown", ["-R", "4711:4711", trees.source]);
      kubelets(join(trees.source, "logs"));
      assert.equal((await runCopy("copy", trees, { user: 4711, served })).code, 0);
      // As after a service's start on an empty volume, and its data was moved away and is to come back.
      for (const name of ["data", "logs"]) kubelets(join(trees.target, name));
      writeFileSync(join(trees.target, "data/changed"), "older!");
      writeFileSync(join(trees.target, "data/surplus"), "gone at the source");
      const kept = statSync(join(trees.target, "data/databases/kept")).ino;
      const ended = await runCopy("copy", trees, { user: 4711, served, replace: true });
      assert.equal(ended.code, 0, JSON.stringify(ended));
      for (const name of ["data", "logs"]) assert.equal(statSync(join(trees.target, name)).uid, 4711);
      assert.equal(statSync(join(trees.target, "data/databases/kept")).ino, kept, "what is the same stays");
      const expected = describeTree(trees.source).map((line) => line.replace("logs|d|2775|0:", "logs|d|2775|4711:"));
      assert.deepEqual(describeTree(trees.target), expected);
      assert.deepEqual(readdirSync(trees.target).sort(), ["data", "logs"]);
    });

    it("says what differs where it may not make a directory its own", async () => {
      mkdirSync(join(trees.source, "data"));
      writeFileSync(join(trees.source, "data/file"), "x");
      execFileSync("chown", ["-R", "4711:4711", trees.source]);
      assert.equal((await runCopy("copy", trees, { user: 4711, served })).code, 0);
      execFileSync("chown", ["0:4711", join(trees.target, "data")]);
      execFileSync("chmod", ["0755", join(trees.target, "data")]);
      const ended = await runCopy("copy", trees, { user: 4711, served, replace: true });
      assert.match(
        errorOf(ended),
        /^the copy on data-2 is not like its source: data belongs to 0:4711 instead of 4711:/,
      );
      assert.deepEqual(readdirSync(trees.target), [".cluster-storage-copy-in-progress", "data"]);
    });

    it("names a file whose owner it can't give to the copy", async () => {
      writeFileSync(join(trees.source, "roots"), "x", { mode: 0o644 });
      assert.equal(
        errorOf(await runCopy("measure", trees, { user: 4711, served })),
        "uid 4711 can't copy everything of data: roots belongs to 0:0, which this user can't make the " +
          "owner of the copy",
      );
    });

    it("names a device, which no pod may make", async () => {
      execFileSync("mknod", [join(trees.source, "null"), "c", "1", "3"]);
      assert.equal(
        errorOf(await runCopy("measure", trees, { served })),
        "uid 0 can't copy everything of data: null is a device, which no pod may make",
      );
    });
  });
