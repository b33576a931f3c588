import assert from "node:assert/strict";
import { execa } from "execa";
import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { compiled, esModule } from "../../compile.cjs";
import { cleanupArgs, cleanupDays } from "../../model/cleanup";
import { root } from "../stack";

/** A second, in days. */
const second = 1 / (24 * 60 * 60);

describe("the clean-up's program", () => {
  let directory: string;
  const run = async (...args: string[]) => {
    const text = compiled(join(root, "mover/clean/main.ts"), esModule);
    const ended = await execa("node", ["--input-type=module", "--eval", text, "--", ...args], { reject: false });
    return { exitCode: ended.exitCode, lines: ended.stdout.split("\n"), stderr: ended.stderr };
  };
  const files = async () => (await readdir(directory, { recursive: true })).sort();

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "files-"));
    await mkdir(join(directory, "in"));
    await writeFile(join(directory, "in", "a file"), "12345");
    await symlink("/etc/hostname", join(directory, "link"));
  });
  afterEach(() => rm(directory, { recursive: true }));

  it("removes what came and changed long ago, and keeps directories, links and what is new", async () => {
    await delay(1100);
    await writeFile(join(directory, "new"), "123");
    const { exitCode, lines } = await run(...cleanupArgs("remove", directory, second));
    assert.deepEqual(lines, [
      `removed ${JSON.stringify(join(directory, "in", "a file"))}`,
      '{"files":2,"bytes":8,"oldFiles":1,"oldBytes":5}',
    ]);
    assert.equal(exitCode, 0);
    assert.deepEqual(await files(), ["in", "link", "new"]);
  });

  it("keeps a file that was uploaded today with its old time", async () => {
    await utimes(join(directory, "in", "a file"), 0, 0);
    const { lines } = await run(...cleanupArgs("remove", directory, 30));
    assert.deepEqual(lines, ['{"files":1,"bytes":5,"oldFiles":0,"oldBytes":0}']);
    assert.deepEqual(await files(), ["in", "in/a file", "link"]);
  });

  it("only counts when it is asked to count", async () => {
    await delay(1100);
    const { lines } = await run(...cleanupArgs("count", directory, second));
    assert.deepEqual(lines, ['{"files":1,"bytes":5,"oldFiles":1,"oldBytes":5}']);
    assert.deepEqual(await files(), ["in", "in/a file", "link"]);
  });

  for (const args of [
    ["remove", "/nowhere", "0"],
    ["remove", "/nowhere", ""],
    ["remove", "/nowhere", "-1"],
    ["remove", "nowhere", "1"],
    ["delete", "/nowhere", "1"],
    [],
  ])
    it(`does nothing without a task, a directory and days: ${JSON.stringify(args)}`, async () => {
      const { exitCode, stderr } = await run(...args);
      assert.equal(stderr, `say remove or count, a directory and days, not ${JSON.stringify(args)}`);
      assert.equal(exitCode, 1);
    });
});

describe("cleanupDays", () => {
  it("reads the days of a clean-up that removes", () => {
    assert.equal(cleanupDays(cleanupArgs("remove", "/files", 30)), 30);
  });
  it("knows none of another program's", () => {
    for (const args of [undefined, [], ["find", "/files", "-mtime"], cleanupArgs("count", "/files", 30)])
      assert.equal(cleanupDays(args), undefined);
  });
});
