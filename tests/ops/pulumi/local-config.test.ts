import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writtenConfig } from "../../../ops/pulumi/local-config";

describe("the config that an earlier start has written", () => {
  let directory: string;
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), "written-"))));
  afterEach(() => rmSync(directory, { recursive: true }));
  const at = (name: string) => writtenConfig({ configFile: join(directory, name) });

  it("is what is there, and empty where nothing is", async () => {
    writeFileSync(join(directory, "there"), "config: {}\n");
    assert.deepEqual([await at("there"), await at("absent"), await writtenConfig({})], ["config: {}\n", "", ""]);
  });

  it("isn't taken for empty where it can't be read: the next start would write over its secrets", async () => {
    mkdirSync(join(directory, "unreadable"));
    await assert.rejects(at("unreadable"), {
      name: "UserError",
      message:
        "the stack's own files can't be read (EISDIR: illegal operation on a directory, read): nothing was changed; " +
        "run this as the user who updates the stack",
    });
  });
});
