import assert from "node:assert/strict";
import type { Part } from "../../../local-cluster/tools/part";
import { pinReleases } from "../../../local-cluster/tools/pin";
import { sha256, startMirror, type Mirror } from "./mirror";

const url = (name: string) => `https://dl.example/v2/${name}`;
const part: Part = {
  name: "tool",
  version: "2",
  files: ["one", "two"],
  releases: ["one", "two"].map((name) => ({ url: url(name), checksumUrl: url("SHA256SUMS"), take: name })),
  programs: [],
};

describe("pinning releases", () => {
  let mirror: Mirror;
  beforeEach(async () => (process.env.CLUSTER_STORAGE_MIRROR = (mirror = await startMirror()).url));
  afterEach(() => {
    delete process.env.CLUSTER_STORAGE_MIRROR;
    return mirror.close();
  });
  const publish = (text: string) => mirror.files.set("/dl.example/v2/SHA256SUMS", text);
  const pin = (pinned: Record<string, string>) => pinReleases([part], pinned, { retryAfter: 1 });
  const [one, two] = [sha256("one"), sha256("two")];

  it("takes what is published, and drops what no release has any more", async () => {
    publish(`${two}  two\n${one}  one\n`);
    assert.deepEqual(await pin({ "https://dl.example/v1/one": one }), {
      digests: { [url("one")]: one, [url("two")]: two },
      added: [url("one"), url("two")],
      dropped: ["https://dl.example/v1/one"],
      missing: [],
      changed: [],
    });
  });

  it("keeps what is pinned where its host says nothing, and says what is missing still", async () => {
    const missing = [`${url("two")}: ${mirror.url}/dl.example/v2/SHA256SUMS: HTTP 404`];
    const kept = { digests: { [url("one")]: one }, added: [], dropped: [], changed: [] };
    assert.deepEqual(await pin({ [url("one")]: one }), { ...kept, missing });
    publish(`${one}  one\n${"a".repeat(128)}  two\n`);
    const weak = [`${url("two")}: ${url("SHA256SUMS")} has no SHA-256 of it`];
    assert.deepEqual(await pin({ [url("one")]: one }), { ...kept, missing: weak });
  });

  it("names a release that is not what it was", async () => {
    publish(`${two}  one\n${two}  two\n`);
    assert.deepEqual((await pin({ [url("one")]: one, [url("two")]: two })).changed, [
      `${url("one")}: pinned ${one}, published ${two}`,
    ]);
  });
});
