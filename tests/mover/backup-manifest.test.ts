import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadMover } from "./compiled";

const { compareManifest } = loadMover("leave/backup-manifest");

describe("a PostgreSQL base backup", () => {
  let root: string;
  beforeEach(() => (root = mkdtempSync(join(tmpdir(), "backup-"))));
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it("has to be what its manifest says, and the manifest what it says of itself", async () => {
    const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
    const entry = (path: string, text: string) => ({
      Path: path,
      Size: text.length,
      "Checksum-Algorithm": "SHA256",
      Checksum: sha256(text),
    });
    const odd = { ...entry("", "odd"), Path: undefined, "Encoded-Path": "ff01" };
    const files = JSON.stringify([entry("base/1", "one"), odd]);
    const body = `{ "PostgreSQL-Backup-Manifest-Version": 1,\n"Files": ${files},\n`;
    const write = (text: string) =>
      writeFileSync(join(root, "pgdata/backup_manifest"), `${text}"Manifest-Checksum": "${sha256(body)}"}\n`);
    mkdirSync(join(root, "pgdata"));
    write(body);
    const whole = new Map([
      ["pgdata/base/1", sha256("one")],
      ["pgdata/\xff\x01", sha256("odd")],
    ]);
    assert.deepEqual(compareManifest(root, "pgdata", whole), []);
    assert.deepEqual(compareManifest(root, "pgdata", new Map([...whole, ["pgdata/base/1", sha256("two")]])), [
      "base/1 does not match its checksum in backup_manifest",
    ]);
    whole.delete("pgdata/base/1");
    assert.deepEqual(compareManifest(root, "pgdata", whole), ["base/1 is missing, but stands in backup_manifest"]);
    write(body.replace("one", "two").replace("base/1", "base/2"));
    assert.deepEqual(compareManifest(root, "pgdata", whole), ["backup_manifest does not match its own checksum"]);
  });
});
