import { execa } from "execa";
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import * as path from "node:path";

const entrypoint = path.resolve(__dirname, "../../../local-cluster/images/redis/entrypoint.sh");

describe("the Redis image's entrypoint starts", () => {
  let bin: string;
  before(async () => {
    bin = await mkdtemp(path.join(tmpdir(), "redis-entrypoint-"));
    for (const program of ["redis-server", "redis-cli"])
      await writeFile(path.join(bin, program), `#!/bin/sh\nprintf '%s|' ${program} "$@"\n`, { mode: 0o755 });
  });
  after(() => rm(bin, { recursive: true, force: true }));

  for (const [args, started] of [
    [["redis-server"], "redis-server|--protected-mode|no|"],
    [["--appendonly", "yes"], "redis-server|--protected-mode|no|--appendonly|yes|"],
    [["redis-server", "--save", ""], "redis-server|--protected-mode|no|--save||"],
    [["redis-server", "/etc/redis.conf", "--port", "1"], "redis-server|/etc/redis.conf|--port|1|"],
    [["/etc/redis.conf"], "redis-server|/etc/redis.conf|"],
    [["redis-server", "--version"], "redis-server|--version|"],
    [["--version"], "redis-server|--version|"],
    [["redis-cli", "ping me"], "redis-cli|ping me|"],
    [["redis-server", "-", "--dir", "/data"], "redis-server|-|--dir|/data|"],
  ] as const) {
    it(`${started} for ${args.join(" ")}`, async () => {
      const { stdout } = await execa("sh", [entrypoint, ...args], { env: { PATH: `${bin}:${process.env.PATH}` } });
      assert.equal(stdout, started);
    });
  }
});
