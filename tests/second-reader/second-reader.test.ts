import { execa } from "execa";
import assert from "node:assert/strict";
import { chmodSync, linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { randomBytes } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { useBackups } from "../backups/ground";
import { ensureRustic } from "./rustic";

/** Another program that reads restic's repositories, by other people: what we wrote is no secret of one program. */
describe("the repository, read by rustic", () => {
  const scene = useBackups();
  const { run, points, restic } = scene;
  let rustic = "";
  let scratch = "";
  const data = (...path: string[]) => join(scene.root, "emptyDir", ...path);

  before("rustic", async function () {
    this.timeout(2_400_000);
    rustic = await ensureRustic();
  });
  beforeEach("points of many kinds of files", async function () {
    this.timeout(60_000);
    scratch = mkdtempSync(join(tmpdir(), "second-reader-"));
    await run("init");
    mkdirSync(data("many"));
    for (let i = 0; i < 200; i++) writeFileSync(data(`many/file-${i}`), randomBytes(i * 100));
    writeFileSync(data("large"), randomBytes(5_000_000));
    writeFileSync(data("empty"), "");
    writeFileSync(data("holes"), "begin");
    truncateSync(data("holes"), 20_000_000);
    writeFileSync(data("ünïcode and\nmore"), "odd name");
    linkSync(data("large"), data("again"));
    symlinkSync("large", data("link"));
    chmodSync(data("many/file-7"), 0o400);
    assert.deepEqual(await run(), { code: 0 });
    writeFileSync(data("large"), randomBytes(3_000_000));
    assert.deepEqual(await run(), { code: 0 });
  });
  afterEach(() => rmSync(scratch, { recursive: true, force: true }));

  const read = async (...args: string[]) => {
    const env = { RUSTIC_REPOSITORY: process.env.RESTIC_REPOSITORY, RUSTIC_PASSWORD: process.env.RESTIC_PASSWORD };
    return (await execa(rustic, ["--no-cache", ...args], { env: { ...env, HOME: scratch } })).stdout;
  };
  const listing = async (directory: string) =>
    (
      await execa("find", [".", "-mindepth", "1", "-printf", "%P %y %m %U:%G %s %T@ %n %l\\n"], { cwd: directory })
    ).stdout
      .split("\n")
      .sort();
  const sums = async (directory: string) =>
    (await execa("sh", ["-c", "find . -type f -print0 | sort -z | xargs -0 sha256sum -z"], { cwd: directory })).stdout;

  it("has the same points, by the same tags", async () => {
    const listed = JSON.parse(await read("snapshots", "--json")) as unknown[];
    const found = JSON.stringify(listed);
    for (const { id, tags } of points() as unknown as { id: string; tags: string[] }[]) {
      assert.ok(found.includes(id), `${id} is not in ${found}`);
      for (const tag of tags) assert.ok(found.includes(tag), `${tag} is not in ${found}`);
    }
    assert.equal(points().length, 2);
  });

  it("is whole, each byte of it", async function () {
    this.timeout(60_000);
    await read("check", "--read-data");
  });

  it("gives each point's files as restic does: content, mode, owner, time, links", async function () {
    this.timeout(60_000);
    for (const { id } of points() as unknown as { id: string }[]) {
      const [ours, theirs] = [join(scratch, `restic-${id}`), join(scratch, `rustic-${id}`)];
      restic("restore", id, "--target", ours);
      await read("restore", id, theirs);
      assert.deepEqual(await listing(theirs), await listing(ours));
      assert.equal(await sums(theirs), await sums(ours));
      assert.ok((await listing(ours)).length > 200);
    }
  });
});
