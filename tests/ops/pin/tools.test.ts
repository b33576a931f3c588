import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../../../model/user-error";
import { pinTools } from "../../../ops/pin/tools";
import { sha256, startMirror, type Mirror } from "../../local-cluster/tools/mirror";

const url = "https://dl.example/v2/tool";
const parts = [
  {
    name: "tool",
    version: "2",
    files: ["tool"],
    programs: [],
    releases: [{ url, checksumUrl: `${url}.sha256`, take: "tool" }],
  },
];

describe("npm run pin -- --tools", () => {
  let mirror: Mirror;
  let file: string;
  beforeEach(async () => {
    process.env.CLUSTER_STORAGE_MIRROR = (mirror = await startMirror()).url;
    file = join(mkdtempSync(join(tmpdir(), "pin-")), "digests.json");
  });
  afterEach(async () => {
    delete process.env.CLUSTER_STORAGE_MIRROR;
    await mirror.close();
    rmSync(join(file, ".."), { recursive: true });
  });
  const pin = (pinned: Record<string, string>) => pinTools(file, { parts, pinned, retryAfter: 1 });

  it("writes what is published, and says what it wrote and dropped", async () => {
    mirror.files.set("/dl.example/v2/tool.sha256", sha256("tool"));
    assert.deepEqual(await pin({ "https://dl.example/v1/tool": sha256("before") }), [
      `pinned ${url}`,
      "dropped https://dl.example/v1/tool",
      "wrote digests.json; compare it with another source before you commit it",
    ]);
    assert.deepEqual(JSON.parse(readFileSync(file, "utf8")), { [url]: sha256("tool") });
  });

  it("writes nothing where nothing is reached, and says what has no digest", async () => {
    assert.deepEqual(await pin({}), [
      `no digest: ${url}: ${mirror.url}/dl.example/v2/tool.sha256: HTTP 404`,
      "digests.json is as it was",
    ]);
    assert(!existsSync(file));
  });

  it("writes nothing where a release has changed", async () => {
    mirror.files.set("/dl.example/v2/tool.sha256", sha256("other"));
    await assert.rejects(
      pin({ [url]: sha256("tool") }),
      new UserError(
        [
          "These releases are not what they were, and a published release never changes. Nothing was written.",
          `  ${url}: pinned ${sha256("tool")}, published ${sha256("other")}`,
          "Ask their projects. To take another file, take another version: local-cluster/versions.ts",
        ].join("\n"),
      ),
    );
    assert(!existsSync(file));
  });
});
