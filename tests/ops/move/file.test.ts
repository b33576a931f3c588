import assert from "node:assert/strict";
import { chmod, mkdtemp, readdir, readFile, readlink, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { changedLines } from "../../../ops/move/diff";
import { removeLeftovers, replaceStackFile, writeStackFile } from "../../../ops/move/file";

describe("changedLines", () => {
  const cases: [string, string, string, string[]][] = [
    ["nothing", "a\nb\n", "a\nb\n", []],
    ["a line", "a\nb\nc\n", "a\nB\nc\n", ["- b", "+ B"]],
    ["lines added", "a\nc\n", "a\nb\nc\n", ["+ b"]],
    ["lines taken out", "a\nb\nc\n", "a\nc\n", ["- b"]],
    ["two places", "a\nb\nc\nd\ne\n", "a\nB\nc\nd\nE\n", ["- b", "+ B", "- e", "+ E"]],
    ["the last line, without an end", "a\nb", "a\nb\nc", ["+ c"]],
  ];
  for (const [title, before, after, lines] of cases)
    it(title, () => assert.deepEqual(changedLines(before, after), lines));
});

describe("replaceStackFile", () => {
  let directory: string;
  beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), "stack-"))));
  afterEach(() => rm(directory, { recursive: true }));

  it("keeps mode and link", async () => {
    const [file, link] = [join(directory, "real.yaml"), join(directory, "Pulumi.dev.yaml")];
    await writeFile(file, "a: 1\n");
    await chmod(file, 0o640);
    await symlink(file, link);
    assert.equal(await replaceStackFile(link, "a: 1\n", "a: 2\n"), true);
    assert.equal(await readFile(file, "utf8"), "a: 2\n");
    assert.equal(await readlink(link), file);
    assert.equal((await stat(file)).mode & 0o777, 0o640);
  });

  it("keeps the mode whatever the umask is, and whatever a killed run has left", async () => {
    const file = join(directory, "Pulumi.dev.yaml");
    await writeFile(file, "a: 1\n");
    await chmod(file, 0o664);
    await writeFile(`${file}.new`, "a: 7\n", { mode: 0o600 });
    const umask = process.umask(0o077);
    try {
      assert.equal(await replaceStackFile(file, "a: 1\n", "a: 2\n"), true);
    } finally {
      process.umask(umask);
    }
    assert.equal((await stat(file)).mode & 0o777, 0o664);
  });

  it("is whole whichever of several at once is last, and leaves nothing beside it", async () => {
    const file = join(directory, "Pulumi.dev.yaml");
    await writeFile(file, "a: 1\n");
    const texts = ["2", "3", "4", "5"].map((digit, i) => `a: ${digit.repeat(10 ** (2 + i))}\n`);
    await Promise.all(texts.map((text) => writeStackFile(file, text)));
    assert.ok(texts.includes(await readFile(file, "utf8")));
    assert.deepEqual(await readdir(directory), ["Pulumi.dev.yaml"]);
  });

  it("removes what a writer left that is gone, and nothing else", async () => {
    const file = join(directory, "Pulumi.dev.yaml");
    const left = ["4194303-0123abcd.new", "0123abcd.new"].map((end) => `${file}.${end}`);
    const kept = [`${process.pid}-0123abcd.new`, "89abcdef.new", "new", "bak", "0123abcd.new.bak"].map(
      (end) => `${file}.${end}`,
    );
    for (const at of [file, ...left, ...kept, join(directory, "Pulumi.prod.yaml.0123abcd.new")])
      await writeFile(at, "");
    const old = new Date(Date.now() - 120_000);
    await utimes(left[1]!, old, old);
    assert.deepEqual((await removeLeftovers(file)).sort(), left.toSorted());
    assert.deepEqual(
      (await readdir(directory)).sort(),
      [...kept, file, "Pulumi.prod.yaml.0123abcd.new"].map((at) => basename(at)).sort(),
    );
    assert.deepEqual(await removeLeftovers(join(directory, "Pulumi.none.yaml")), []);
    await writeFile(left[0]!, "");
    await writeStackFile(file, "a: 1\n");
    assert.ok(!(await readdir(directory)).includes(basename(left[0]!)));
  });

  it("leaves alone what somebody else has changed", async () => {
    const file = join(directory, "Pulumi.dev.yaml");
    await writeFile(file, "a: 3\n");
    assert.equal(await replaceStackFile(file, "a: 1\n", "a: 2\n"), false);
    assert.equal(await readFile(file, "utf8"), "a: 3\n");
  });
});
