import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { catalogue } from "../../services/catalogue";
import { service } from "../plan/plan-fixture";

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
      const [first = "", ...more] = stdout.split("\n");
      const [, hexadecimal = ""] = /^requirepass "((?:\\x[0-9a-f]{2})*)"$/.exec(first) ?? [];
      assert.deepEqual(more, ["maxmemory 0", "maxmemory-policy noeviction"]);
      assert.equal(Buffer.from(hexadecimal.replaceAll("\\x", ""), "hex").toString(), password, stdout);
    });
});

describe("how much memory Redis takes", () => {
  it("is three fifths of its limit, and nothing is said where it has none", () => {
    const env = (memory: number) => catalogue.get("redis")!.env!({ host: () => "", memory, volume: 0 });
    assert.deepEqual(env(512 * 1024 ** 2).slice(1), [{ name: "REDIS_MAXMEMORY", value: "322122547" }]);
    assert.deepEqual(env(0).slice(1), []);
  });

  // Redis reads its standard input first and the command line's options after it (redis.io/docs, "Configuration").
  it("is in what Redis reads first, and the config's arguments come last", async () => {
    const programs = await mkdtemp(join(tmpdir(), "redis-args-"));
    try {
      const server = '#!/bin/sh\necho "$*"\ncat\n';
      await writeFile(join(programs, "redis-server"), server, { mode: 0o755 });
      await writeFile(join(programs, "redis-cli"), "#!/bin/sh\necho PONG\n", { mode: 0o755 });
      const { command = [], args = [] } = service(
        '    redis: { size: 1Gi, args: ["--maxmemory", "300mb", "--maxmemory-policy", "allkeys-lru"] }',
        "redis",
      ).container;
      const [shell = "", ...words] = [...command, ...args];
      const env = { PATH: `${programs}:${process.env.PATH}`, REDISCLI_AUTH: "x", REDIS_MAXMEMORY: "800" };
      const { stdout } = await execa(shell, words, { env, extendEnv: false });
      const [options, ...lines] = stdout.split("\n");
      assert.equal(
        options,
        "- --dir /data --appendonly yes --appendfsync everysec --maxmemory 300mb --maxmemory-policy allkeys-lru",
      );
      assert.deepEqual(lines, ['requirepass "\\x78"', "maxmemory 800", "maxmemory-policy noeviction"]);
    } finally {
      await rm(programs, { recursive: true });
    }
  });

  const cases: [what: string, used: number, set: string, lifted: boolean][] = [
    ["stays what it is with less data", 700, "800", false],
    ["stays what it is with data up to it, and the buffers of a moment", 900, "800", false],
    ["has no bound where the data was larger before there was one", 901, "800", true],
    ["stays what somebody has set", 901, "850", false],
  ];
  for (const [what, used, set, lifted] of cases)
    it(what, async () => {
      const programs = await mkdtemp(join(tmpdir(), "redis-memory-"));
      const cli = `#!/bin/sh
case "$*" in
ping) echo PONG ;;
"info memory") printf 'used_memory:${used}\\r\\n' ;;
"config get maxmemory") printf 'maxmemory\\n${set}\\n' ;;
"config set maxmemory 0") echo OK ;;
*) echo "what is $*?" >&2 ;;
esac
`;
      try {
        await writeFile(join(programs, "redis-cli"), cli, { mode: 0o755 });
        await writeFile(join(programs, "redis-server"), "#!/bin/sh\ncat\nsleep 0.3\n", { mode: 0o755 });
        const [shell = "", ...args] = catalogue.get("redis")!.command!;
        const env = { PATH: `${programs}:${process.env.PATH}`, REDISCLI_AUTH: "x", REDIS_MAXMEMORY: "800" };
        const { stdout, stderr } = await execa(shell, args, { env, extendEnv: false });
        assert.match(stdout, /^maxmemory 800$/m);
        assert.equal(
          stdout.includes(
            `the data uses ${used} bytes, more than maxmemory 800, so it has no bound; raise the memory limit`,
          ),
          lifted,
        );
        assert.equal(stderr, "");
      } finally {
        await rm(programs, { recursive: true });
      }
    });
});
