import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StackFile } from "../../config/stack-file";
import { hiddenPlaces } from "../../model/hidden";
import { marked } from "./marked";

describe("a stack file that somebody wrote by hand", () => {
  const secret = marked("shared");
  const opened = { env: { KEY: secret, MODE: "own", LEVEL: "all" } };
  const files: [string, string][] = [
    [
      "a merged map",
      "config:\n  s: &s { KEY: { secure: v1:a }, MODE: all }\n  a: { env: { <<: *s, MODE: own, LEVEL: all } }\n",
    ],
    ["an alias", "config:\n  s: &s { KEY: { secure: v1:a }, MODE: own, LEVEL: all }\n  a: { env: *s }\n"],
    [
      "line ends and a mark of another system",
      "\uFEFFconfig:\r\n  a:\r\n    env: { KEY: { secure: v1:a }, MODE: own, LEVEL: all }\r\n",
    ],
    [
      "comments and tags",
      "config:\n  a: # ours\n    env: { KEY: { secure: !!str v1:a }, MODE: own, LEVEL: !!str all }\n",
    ],
  ];
  for (const [what, text] of files)
    it(`says what is secret in it, as the CLI reads it: ${what}`, async () => {
      const scratch = await mkdtemp(join(tmpdir(), "stack-file-"));
      process.env.CLUSTER_STORAGE_CONFIG_FILE = join(scratch, "Pulumi.test.yaml");
      try {
        await writeFile(process.env.CLUSTER_STORAGE_CONFIG_FILE, text);
        const hidden = new StackFile("test").hide("a", opened);
        assert.deepEqual(hiddenPlaces(hidden), [["env", "KEY"]]);
        assert.deepEqual(JSON.parse(JSON.stringify(hidden)), { env: { ...opened.env, KEY: "[secret]" } });
      } finally {
        delete process.env.CLUSTER_STORAGE_CONFIG_FILE;
        await rm(scratch, { recursive: true });
      }
    });
});
