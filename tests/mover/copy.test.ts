import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { describeTree, errorOf, fillSource, makeTrees, removeTrees, resultOf, runCopy, type Trees } from "./tree";

const marker = ".cluster-storage-copy-in-progress";
const root = process.getuid?.() === 0;
const entriesOf = (directory: string) => (existsSync(directory) ? readdirSync(directory).length : 0);

const users = root ? [0, 4711] : [undefined];
const ways = [
  { served: false, from: "a mounted source", filler: "cp" },
  { served: true, from: "a source that is served", filler: "tar" },
];

for (const { user, served, from, filler } of users.flatMap((user) => ways.map((way) => ({ user, ...way })))) {
  describe(`the copy program as ${user === undefined ? "this user" : `uid ${user}`}, from ${from},`, () => {
    let trees: Trees;
    beforeEach(() => (trees = makeTrees()));
    afterEach(() => removeTrees(trees));

    const filled = async () => {
      await fillSource(trees.source);
      if (user !== undefined) execFileSync("chown", ["-Rh", `${user}:${user}`, trees.root]);
      // Changing the owner takes the right to run as the owner away.
      chmodSync(join(trees.source, "data/program"), 0o4755);
    };
    const run = (action: "measure" | "copy", options = {}) => runCopy(action, trees, { user, served, ...options });

    it("copies every kind of entry with owner, mode, time to the nanosecond, links and content", async () => {
      await filled();
      const before = describeTree(trees.source);
      const { code, outcome, lines } = await run("copy");
      assert.deepEqual([code, "result" in outcome && outcome.result.files], [0, 9]);
      assert.deepEqual(describeTree(trees.target), before);
      assert.deepEqual(describeTree(trees.source), before);
      assert.deepEqual(
        lines.slice(0, -1).map((line) => (JSON.parse(line) as { phase: string }).phase),
        ["copy", "copy", "check", "check"],
      );
    });

    it("keeps holes: a sparse file takes as little room as at the source", async () => {
      await filled();
      await run("copy");
      const { size, blocks } = statSync(join(trees.target, "sparse"));
      assert.equal(size, 64 * 1024 * 1024);
      assert.ok(blocks * 512 < 1024 * 1024, `${blocks} blocks`);
    });

    it("measures use and room, and changes nothing", async () => {
      await filled();
      const measured = resultOf(await run("measure"));
      assert.equal(measured.files, 9);
      assert.ok(measured.bytes < 1024 * 1024, `the hole counts: ${measured.bytes}`);
      assert.ok(measured.free > measured.bytes);
      assert.deepEqual(readdirSync(trees.target), []);
    });

    it("goes on with a copy that was cut off, and takes nothing half-copied for whole", async () => {
      await filled();
      await run("copy");
      writeFileSync(join(trees.target, marker), "source-uid\n");
      // As cp leaves it when it is killed: shorter, and of now.
      truncateSync(join(trees.target, "data/secret"), 3);
      if (user !== undefined) execFileSync("chown", [`${user}:${user}`, join(trees.target, marker)]);
      rmSync(join(trees.target, "z-second-name"));
      rmSync(join(trees.target, "data/-rf"));
      const kept = statSync(join(trees.target, "data/program")).ino;
      const { code } = await run("copy");
      assert.equal(code, 0);
      assert.deepEqual(describeTree(trees.target), describeTree(trees.source));
      assert.equal(statSync(join(trees.target, "data/program")).ino, kept, "what was whole was copied again");
      assert.equal(existsSync(join(trees.target, marker)), false);
    });

    it("ends as a copy that was killed at any moment and run again", async () => {
      await filled();
      for (let file = 0; file < 300; file++)
        writeFileSync(join(trees.source, `data/file-${file}`), Buffer.alloc(100_000, file));
      if (user !== undefined) execFileSync("chown", ["-Rh", `${user}:${user}`, trees.source]);
      // By what is there and not by the time: some machines copy all of it in less than others start the program.
      const killed: boolean[] = [];
      for (const entries of [1, 40, 150]) {
        const end = new AbortController();
        const ended = run("copy", { resume: true, signal: end.signal });
        while (entriesOf(join(trees.target, "data")) < entries) await setTimeout(1);
        end.abort();
        killed.push((await ended).code === null);
      }
      assert.equal(killed[0], true, "the first was not killed");
      assert.equal((await run("copy", { resume: true })).code, 0);
      assert.deepEqual(describeTree(trees.target), describeTree(trees.source));
    });

    it("brings an earlier volume up to date, and takes away what is no more", async () => {
      await filled();
      await run("copy");
      writeFileSync(join(trees.target, "data/plain"), "newer, and to be replaced\n");
      writeFileSync(join(trees.target, "read-only/../surplus"), "gone at the source");
      rmSync(join(trees.target, "data/link"));
      mkdirSync(join(trees.target, "data/link"));
      assert.match(
        errorOf(await run("copy")),
        /^data-2 is not empty \(it has .*\) and holds no unfinished copy of data; nothing was changed$/,
      );
      assert.equal(readFileSync(join(trees.target, "data/plain"), "utf8"), "newer, and to be replaced\n");
      assert.equal((await run("copy", { replace: true })).code, 0);
      assert.deepEqual(describeTree(trees.target), describeTree(trees.source));
    });

    it(
      "finds a byte that changed between the copy and the check, says where, and mends it at the " + "next try",
      async () => {
        await filled();
        // A copy that is followed by a disk's mistake: one byte, and neither size nor time tell.
        const bin = join(trees.root, "bin");
        mkdirSync(bin);
        const file = join(trees.target, "data/secret");
        writeFileSync(
          join(bin, filler),
          `#!/bin/sh\nPATH=$REAL ${filler} "$@" || exit\ntouch -r '${file}' '${bin}/time'\nprintf X | dd ` +
            `of='${file}' bs=1 seek=2 conv=notrunc 2>/dev/null\ntouch -r '${bin}/time' '${file}'\n`,
          { mode: 0o755 },
        );
        if (user !== undefined) execFileSync("chown", ["-R", `${user}:${user}`, bin]);
        const ended = await run("copy", { env: { PATH: `${bin}:${process.env.PATH}`, REAL: process.env.PATH } });
        assert.equal(ended.code, 3);
        assert.equal(
          errorOf(ended),
          "the copy on data-2 has other bytes than its source in data/secret; these copies were removed",
        );
        assert.equal((await run("copy")).code, 0);
        assert.deepEqual(describeTree(trees.target), describeTree(trees.source));
      },
    );

    it("refuses a target that is too small by what it asks for", async () => {
      writeFileSync(join(trees.source, "large"), Buffer.alloc(2 * 1024 * 1024, 1));
      if (user !== undefined) execFileSync("chown", ["-R", `${user}:${user}`, trees.root]);
      const ended = await run("measure", { size: "2Mi" });
      assert.equal(ended.code, 3);
      assert.equal(errorOf(ended), "data uses 2.0 MiB in 1 file, and data-2 is 2Mi: it needs at least 2.0 MiB");
      assert.equal((await run("measure", { size: "3Mi" })).code, 0);
      assert.equal((await run("copy", { size: "2Mi" })).code, 3);
      assert.deepEqual(readdirSync(trees.target), []);
    });

    it("refuses the unfinished copy of another volume", async () => {
      writeFileSync(join(trees.target, marker), "another-uid\n");
      assert.equal(
        errorOf(await run("copy")),
        "data-2 holds an unfinished copy of another volume than data; nothing was changed",
      );
      assert.equal(readFileSync(join(trees.target, marker), "utf8"), "another-uid\n");
    });

    it("refuses a source that is itself an unfinished copy", async () => {
      writeFileSync(join(trees.source, marker), "");
      assert.equal(
        errorOf(await run("measure")),
        "data is itself the target of a copy that was never finished, so it is incomplete and was not copied",
      );
    });

    it("copies nothing of a file system's lost+found", async () => {
      mkdirSync(join(trees.source, "lost+found"), { mode: 0o700 });
      writeFileSync(join(trees.source, "kept"), "kept");
      if (user !== undefined)
        execFileSync("chown", [`${user}:${user}`, trees.root, trees.target, join(trees.source, "kept")]);
      assert.equal((await run("copy")).code, 0);
      assert.deepEqual(readdirSync(trees.target), ["kept"]);
    });

    it("copies an empty volume, and a symbolic link to itself", async () => {
      assert.equal(resultOf(await run("copy", { user: undefined })).files, 0);
      symlinkSync("loop", join(trees.source, "loop"));
      utimesSync(trees.source, 5, 5);
      assert.equal(resultOf(await run("copy", { user: undefined })).files, 0);
      assert.deepEqual(readdirSync(trees.target), ["loop"]);
      assert.equal(statSync(trees.target).mtimeMs, 5000);
    });
  });
}
