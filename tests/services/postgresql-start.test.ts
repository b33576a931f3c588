import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { catalogue } from "../../services/catalogue";

const mount = "/var/lib/postgresql/data";

describe("where PostgreSQL looks for its database", () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "postgresql-start-"));
    await writeFile(join(root, "docker-entrypoint.sh"), '#!/bin/sh\necho "$PGDATA $*"\n', { mode: 0o755 });
  });
  afterEach(() => rm(root, { recursive: true }));

  const cases: [title: string, has: string[], finds: string][] = [
    ["in its own directory on a new volume", [], "/pgdata"],
    ["in its own directory", ["pgdata"], "/pgdata"],
    ["at the volume's root", ["."], ""],
    ["in the directory of an image from version 18 on", ["18/docker"], "/18/docker"],
    ["in its own directory where an older one was left", ["pgdata", "17/docker"], "/pgdata"],
    ["in no directory of another name", ["main"], "/pgdata"],
  ];
  for (const [title, has, finds] of cases)
    it(title, async () => {
      for (const directory of has) {
        await mkdir(join(root, directory), { recursive: true });
        await writeFile(join(root, directory, "PG_VERSION"), "17\n");
      }
      const [shell = "", ...args] = catalogue.get("postgres")!.command!.map((word) => word.replaceAll(mount, root));
      const env = { PATH: `${root}:${process.env.PATH}`, PGDATA: `${root}/pgdata` };
      const { stdout } = await execa(shell, args, { env, extendEnv: false });
      assert.equal(stdout, `${root}${finds} postgres`);
    });
});
