import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { readCheckpoint, removeCutSideFile, restoreBackup } from "../../../ops/pulumi/checkpoint";

const good = JSON.stringify({ version: 3, checkpoint: { stack: "organization/shop/dev", latest: { resources: [] } } });

describe("a state file", () => {
  let backend: string;
  let file: string;
  beforeEach(async () => {
    backend = await mkdtemp(join(tmpdir(), "state-"));
    file = join(backend, ".pulumi/stacks/shop/dev.json");
    await mkdir(join(file, ".."), { recursive: true });
  });
  afterEach(() => rm(backend, { recursive: true }));
  const read = () => readCheckpoint(backend, "shop", "dev");

  it("is absent before the stack is made", async () => {
    assert.deepEqual(await read(), { status: "absent" });
  });

  it("isn't absent where the system doesn't let it be read", async () => {
    await mkdir(file);
    await assert.rejects(read(), {
      name: "UserError",
      message:
        "the stack's own files can't be read (EISDIR: illegal operation on a directory, read): nothing was " +
        "changed; run this as the user who updates the stack",
    });
  });

  it("is read without the CLI", async () => {
    await writeFile(file, good);
    assert.deepEqual(await read(), { status: "readable", file, deployment: { resources: [] } });
  });

  it("is read compressed as well", async () => {
    await writeFile(`${file}.gz`, gzipSync(good));
    assert.deepEqual(await read(), { status: "readable", file: `${file}.gz`, deployment: { resources: [] } });
  });

  it("of a stack without a deployment is empty", async () => {
    await writeFile(file, JSON.stringify({ version: 3, checkpoint: { stack: "organization/shop/dev" } }));
    assert.deepEqual(await read(), { status: "readable", file, deployment: {} });
  });

  for (const [about, content] of [
    ["cut off", good.slice(0, 40)],
    ["empty", ""],
    ["something else", '{"hello":1}'],
  ] as const) {
    it(`that is ${about} is broken, and its backup takes its place`, async () => {
      await writeFile(file, content);
      await writeFile(`${file}.attrs`, "{}");
      await writeFile(`${file}.bak`, good);
      assert.deepEqual(await read(), { status: "broken", file });
      assert.match(
        await restoreBackup(file),
        new RegExp(
          String.raw`^the state file could not be read: restored the copy from before its last write \(the ` +
            String.raw`broken one is kept as .*dev\.json\.broken-\d+\)$`,
        ),
      );
      assert.equal((await read()).status, "readable");
      const names = await readdir(join(file, ".."));
      const kept = names.find((name) => name.startsWith("dev.json.broken-"));
      assert.equal(await readFile(join(file, "..", kept ?? ""), "utf8"), content);
      assert.equal(names.includes("dev.json.attrs"), false);
    });
  }

  for (const [about, side] of [
    ["empty", ""],
    ["cut off", '{"user.cache_con'],
  ] as const) {
    it(`whose side file is ${about} stays, and the side file goes`, async () => {
      await writeFile(file, good);
      await writeFile(`${file}.attrs`, side);
      assert.equal(
        await removeCutSideFile(file),
        `removed ${file}.attrs, which was cut short and kept the state from being read; the state itself is whole`,
      );
      assert.deepEqual(await readdir(join(file, "..")), ["dev.json"]);
      assert.equal(await removeCutSideFile(file), undefined);
    });
  }

  it("keeps a side file that is whole", async () => {
    await writeFile(`${file}.attrs`, '{"md5":"x"}');
    assert.equal(await removeCutSideFile(file), undefined);
    assert.deepEqual(await readdir(join(file, "..")), ["dev.json.attrs"]);
  });

  it("stays as it is where the backup can't be read either", async () => {
    await writeFile(file, "{");
    await writeFile(`${file}.bak`, "{");
    await assert.rejects(restoreBackup(file), {
      name: "UserError",
      message:
        `the state ${file} cannot be read and neither can ${file}.bak: nothing was changed; older copies are ` +
        `in ${join(backend, ".pulumi/backups")}`,
    });
    assert.deepEqual((await readdir(join(file, ".."))).sort(), ["dev.json", "dev.json.bak"]);
  });
});
