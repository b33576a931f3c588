import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { digestOfCode } from "../../../local-cluster/images/made-of";

describe("the code that makes an image", () => {
  let home: string;
  const write = (name: string, text: string) => writeFile(path.join(home, name), text);
  const digest = () => digestOfCode(path.join(home, "n8n"), [path.join(home, "cache.ts")]);
  beforeEach(async () => {
    home = await mkdtemp(path.join(tmpdir(), "made-of-"));
    await mkdir(path.join(home, "n8n"));
    await write("n8n/image.ts", 'import { layers } from "../npm";\nexport type { Apt } from "../debian";\n');
    await write("n8n/package-lock.json", "{}");
    await write("npm.ts", 'import {\n  base,\n} from "./base";\nimport { execa } from "execa";\n');
    for (const name of ["base.ts", "debian.ts", "cache.ts", "maven.ts", "lock.mjs"]) await write(name, "");
    await write("cache.ts", 'import { withLock } from "./lock.mjs";\n');
  });
  afterEach(() => rm(home, { recursive: true }));

  for (const name of ["n8n/image.ts", "n8n/package-lock.json", "npm.ts", "base.ts", "debian.ts", "lock.mjs"])
    it(`is another when ${name} changes`, async () => {
      const before = await digest();
      await write(name, "changed");
      assert.notEqual(await digest(), before);
    });

  it("stays what it is when the code of another image changes", async () => {
    const before = await digest();
    await write("maven.ts", "changed");
    assert.equal(await digest(), before);
  });

  it("is there without a folder of its own, and knows a circle", async () => {
    await write("base.ts", 'import { layers } from "./npm";\n');
    assert.match(await digest(), /^[0-9a-f]{64}$/);
    assert.match(await digestOfCode(path.join(home, "none"), [path.join(home, "npm.ts")]), /^[0-9a-f]{64}$/);
  });
});
