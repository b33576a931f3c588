import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { describeTree, resultOf, runCopy } from "./tree";

import { useServedTrees } from "./served-trees";

const root = process.getuid?.() === 0;

describe("a volume that is served", function () {
  // Each runs several programs, and some copy as much as a disk takes a while for.
  this.timeout(60_000);
  const scene = useServedTrees();

  it("arrives with names, links, holes and modes of every kind", async () => {
    const { source } = scene.trees;
    const deep = Array.from({ length: 12 }, (_, i) => `${i}`.repeat(30)).join("/");
    mkdirSync(join(source, deep), { recursive: true });
    for (const name of ["back\\slash\\n", "*", "ü", "\u2028", "-", "quo\"te'", " "])
      writeFileSync(join(source, deep, name), name);
    const odd = Buffer.concat([Buffer.from(`${source}/sparse`), Buffer.from([0xfc, 0x0a])]);
    closeSync(openSync(odd, "w"));
    truncateSync(odd, 5 * 1024 * 1024);
    mkdirSync(join(source, "handed-on"));
    chmodSync(join(source, "handed-on"), 0o2770);
    mkdirSync(join(source, "handed-on/not"));
    chmodSync(join(source, "handed-on/not"), 0o1700);
    symlinkSync("/absolute", join(source, "link"));
    linkSync(join(source, "link"), join(source, "handed-on/link-again"));
    execFileSync("mkfifo", [join(source, "fifo")]);
    linkSync(join(source, "fifo"), join(source, "handed-on/fifo-again"));
    execFileSync("touch", [
      "-h",
      "-d",
      "1969-12-31 23:59:58.250000001",
      join(source, "link"),
      join(source, "fifo"),
      join(source, "handed-on"),
    ]);
    chmodSync(source, 0o750);
    execFileSync("touch", ["-d", "2003-04-05 06:07:08.000000009", source]);
    const before = describeTree(source);
    resultOf(await runCopy("copy", scene.trees, { served: true }));
    assert.deepEqual(describeTree(scene.trees.target), before);
    const ofRoot = (directory: string) => execFileSync("stat", ["-c", "%a %y", directory], { encoding: "utf8" });
    assert.equal(ofRoot(scene.trees.target), ofRoot(source));
  });

  it("arrives whole with more files than fit into one message, kept ones left alone", async () => {
    for (let i = 0; i < 3000; i++) writeFileSync(join(scene.trees.source, `file-${i}-${"x".repeat(180)}`), "");
    assert.equal(resultOf(await runCopy("copy", scene.trees, { served: true })).files, 3000);
    const kept = statSync(join(scene.trees.target, `file-1-${"x".repeat(180)}`)).ino;
    execFileSync("sh", ["-c", "rm file-1?-* && printf '' > .cluster-storage-copy-in-progress"], {
      cwd: scene.trees.target,
    });
    assert.equal(resultOf(await runCopy("copy", scene.trees, { served: true, resume: true })).files, 3000);
    assert.equal(statSync(join(scene.trees.target, `file-1-${"x".repeat(180)}`)).ino, kept);
  });

  it("keeps the group of directories that the kubelet made, whose owner no pod can be", async function () {
    if (!root) return this.skip();
    execFileSync("chown", ["4711:4711", scene.trees.source, scene.trees.target, scene.trees.root]);
    mkdirSync(join(scene.trees.source, "subPath"));
    execFileSync("chown", ["0:4711", join(scene.trees.source, "subPath")]);
    chmodSync(join(scene.trees.source, "subPath"), 0o2775);
    execFileSync("install", [
      "-o",
      "4711",
      "-g",
      "4711",
      "-m",
      "600",
      "/dev/null",
      join(scene.trees.source, "subPath/file"),
    ]);
    resultOf(await runCopy("copy", scene.trees, { served: true, user: 4711 }));
    assert.equal(
      execFileSync("stat", ["-c", "%u:%g %a", join(scene.trees.target, "subPath")], { encoding: "utf8" }),
      "4711:4711 2775\n",
    );
  });
});
