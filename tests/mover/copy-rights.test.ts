import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { errorOf, makeTrees, removeTrees, runCopy, type Trees } from "./tree";

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
