import assert from "node:assert/strict";
import * as fs from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { silentProgress } from "../../../local-cluster/progress";
import { obtain } from "../../../local-cluster/tools/obtain";
import type { Part } from "../../../local-cluster/tools/part";
import { UserError } from "../../../model/user-error";
import { installFakeGo } from "./fake-go";
import { sha256, startMirror, type Mirror } from "./mirror";

const part = (name: string): Part => ({
  name,
  version: "1.0.0",
  files: [name],
  releases: [{ url: `https://dl.example/${name}`, checksumUrl: `https://dl.example/${name}.sha256`, take: name }],
  programs: [{ module: "none", package: `example.org/cmd/${name}@v1.0.0`, file: name }],
});
const [one, two] = [part("one"), part("two")];
const digests = { "https://dl.example/one": sha256("program one") };

describe("a tool without a pinned digest", function () {
  this.timeout(30_000);
  let mirror: Mirror;
  let root: string;
  const { PATH } = process.env;

  beforeEach(async () => {
    mirror = await startMirror();
    root = await fs.mkdtemp(path.join(tmpdir(), "obtain-"));
    process.env.CLUSTER_STORAGE_MIRROR = mirror.url;
    process.env.PATH = `${path.join(root, "bin")}:/usr/bin:/bin`;
    for (const name of ["one", "two"])
      mirror.files
        .set(`/dl.example/${name}`, `program ${name}`)
        .set(`/dl.example/${name}.sha256`, sha256(`program ${name}`));
  });
  afterEach(async () => {
    delete process.env.CLUSTER_STORAGE_MIRROR;
    process.env.PATH = PATH;
    await mirror.close();
    await fs.rm(root, { recursive: true, force: true });
  });

  const where = () => ({
    directory: path.join(root, "tools"),
    place: ({ name }: Part) => path.join(root, "tools", name),
  });
  const read = (name: string) => fs.readFile(path.join(root, "tools", name, name), "utf8");

  it("is built, nobody is asked for it, and it is said how it gets one", async () => {
    await installFakeGo(path.join(root, "bin"), path.join(root, "go.log"), {});
    const said: string[] = [];
    await obtain([one, two], where(), { ...silentProgress, info: (text) => said.push(text) }, { digests });
    assert.equal(await read("one"), "program one");
    assert.equal(await read("two"), "example.org/cmd/two@v1.0.0");
    assert.deepEqual(
      mirror.requests.filter((request) => request.includes("two")),
      [],
    );
    assert.deepEqual(said, ["no digest of its release is pinned (npm run pin -- --tools): building two"]);
  });

  it("lets other work begin where downloads can't be reached, and not for want of a digest", async () => {
    await installFakeGo(path.join(root, "bin"), path.join(root, "go.log"), {});
    let begun = 0;
    const options = { digests, building: () => void begun++ };
    await obtain([two], where(), silentProgress, options);
    assert.equal(begun, 0);
    process.env.CLUSTER_STORAGE_MIRROR = "http://127.0.0.1:1";
    await obtain([one], where(), silentProgress, options);
    assert.equal(begun, 1);
  });

  it("is refused where nothing may be built", async () => {
    await assert.rejects(
      obtain([two], where(), silentProgress, { digests, from: "download" }),
      new UserError(
        "These tools could not be downloaded:\n" +
          "  two 1.0.0: no digest of its release is pinned (npm run pin -- --tools)",
      ),
    );
    assert.deepEqual(mirror.requests, []);
  });
});
