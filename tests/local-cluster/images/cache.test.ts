import { execa } from "execa";
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { cachedImage, type Recipe } from "../../../local-cluster/images/cache";
import { addFile, type FileTree } from "../../../local-cluster/images/tree";

describe("the image cache", () => {
  let directory: string;
  let built: number;
  beforeEach(async () => {
    directory = path.join(await mkdtemp(path.join(tmpdir(), "image-cache-")), "images");
    built = 0;
  });
  afterEach(() => rm(path.dirname(directory), { recursive: true, force: true }));

  const recipe = (from: string, body = from): Recipe => ({
    name: "thing",
    from,
    async build(scratch) {
      built++;
      await writeFile(path.join(scratch, "download"), "x");
      const tree: FileTree = new Map();
      addFile(tree, "file", body);
      return { name: "thing", version: "1", layers: [tree], settings: {} };
    },
  });
  const make = (from: string) => cachedImage(directory, recipe(from), (work) => work());

  it("builds an image once", async () => {
    const first = await make("a");
    assert.deepEqual(await make("a"), first);
    assert.equal(built, 1);
    assert.equal(first.image, "localhost/cluster-storage/thing:1");
    assert.deepEqual((await readdir(directory)).sort(), [
      path.basename(first.archive).replace(".tar", ".json"),
      path.basename(first.archive),
    ]);
  });

  it("builds it once for two who ask at the same time", async () => {
    const [first, second] = await Promise.all([make("a"), make("a")]);
    assert.deepEqual(first, second);
    assert.equal(built, 1);
  });

  it("builds another when what it is made of changes, and keeps the first", async () => {
    const [first, second] = [await make("a"), await make("b")];
    assert.notEqual(first.archive, second.archive);
    assert.equal(built, 2);
    assert.deepEqual(await make("a"), first);
    assert.equal(built, 2);
  });

  it("takes an archive without its record for unfinished", async () => {
    const { archive } = await make("a");
    const whole = await readFile(archive);
    await rm(archive.replace(".tar", ".json"));
    await writeFile(archive, "half");
    await make("a");
    assert.equal(built, 2);
    assert.deepEqual(await readFile(archive), whole);
  });

  it("leaves nothing of a build that failed", async () => {
    const failing: Recipe = { ...recipe("a"), build: () => Promise.reject(new Error("no network")) };
    await assert.rejects(
      cachedImage(directory, failing, (work) => work()),
      { message: "no network" },
    );
    assert.deepEqual(await readdir(directory), []);
  });

  it("goes on after kill -9 of the one that was building, while another waited", async () => {
    const builder = (milliseconds: number) =>
      execa(
        process.execPath,
        [
          "--require",
          "ts-node/register/transpile-only",
          path.join(__dirname, "cache-builder.ts"),
          directory,
          String(milliseconds),
        ],
        { reject: false },
      );
    const killed = builder(60_000);
    assert.equal(String((await once(killed.stdout, "data"))[0]), "building\n");
    const waiting = builder(0);
    let early = "";
    waiting.stdout.on("data", (text) => (early += String(text)));
    await new Promise((resolve) => setTimeout(resolve, 1000));
    assert.equal(early, "", "the second didn't wait for the first");
    assert.deepEqual(
      (await readdir(directory)).filter((name) => !name.endsWith(".scratch")),
      [],
    );

    killed.kill("SIGKILL");
    await killed;
    assert.equal((await waiting).stdout, "building\nlocalhost/cluster-storage/slow:1");
    assert.deepEqual((await readdir(directory)).map((name) => path.extname(name)).sort(), [".json", ".tar"]);
  });
});
