import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { catalogue } from "../../services/catalogue";

/** Passwords that a config's reader would take apart if they were written into it as they are. */
const passwords = ['it\'s a "test"', "two\nport 7777\nlines\n", "back\\slash $HOME `id` $(id)", "#", ""];

describe("how Redis gets its password", () => {
  let programs: string;
  before("a server that prints its config", async () => {
    programs = await mkdtemp(join(tmpdir(), "redis-start-"));
    await writeFile(join(programs, "redis-server"), "#!/bin/sh\nexec cat\n", { mode: 0o755 });
  });
  after(() => rm(programs, { recursive: true }));

  for (const password of passwords)
    it(`${JSON.stringify(password)} is one argument of one line`, async () => {
      const [shell = "", ...args] = catalogue.get("redis")!.command!;
      const env = { PATH: `${programs}:${process.env.PATH}`, REDISCLI_AUTH: password };
      const { stdout } = await execa(shell, args, { env, extendEnv: false });
      const [, hexadecimal = "", ...more] = /^requirepass "((?:\\x[0-9a-f]{2})*)"$/.exec(stdout) ?? [];
      assert.deepEqual(more, []);
      assert.equal(Buffer.from(hexadecimal.replaceAll("\\x", ""), "hex").toString(), password, stdout);
    });
});
