import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { catalogue } from "../../services/catalogue";
import { service } from "../plan/plan-fixture";

const mount = "/var/lib/postgresql/data";

/** What a container's command prints where its volume is `root`, which has the programs too. */
async function startIn(root: string, command: readonly string[], variables: object = {}): Promise<string> {
  const [shell = "", ...args] = command.map((word) => word.replaceAll(mount, root));
  const env = { PATH: `${root}:${process.env.PATH}`, PGDATA: `${root}/pgdata`, ...variables };
  return (await execa(shell, args, { env, extendEnv: false })).stdout;
}

const ofLimit = { POSTGRES_SHARED_BUFFERS: "256MB", POSTGRES_EFFECTIVE_CACHE_SIZE: "768MB" };

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
      assert.equal(await startIn(root, catalogue.get("postgres")!.command!), `${root}${finds} postgres`);
    });
});

describe("what PostgreSQL makes of its memory limit", () => {
  it("is a quarter for its buffers, and three quarters with the kernel's", () => {
    const env = (memory: number) =>
      catalogue.get("postgres")!.env!({ host: () => "", memory, volume: 0 }).filter(({ name }) =>
        /SHARED|CACHE/.test(name),
      );
    assert.deepEqual(env(1024 ** 3), [
      { name: "POSTGRES_SHARED_BUFFERS", value: "256MB" },
      { name: "POSTGRES_EFFECTIVE_CACHE_SIZE", value: "768MB" },
    ]);
    assert.deepEqual(env(0), []);
  });

  it("is joined by a log of a quarter of its volume, between 128 MB and PostgreSQL's own 1 GB", () => {
    const log = (volume: number) =>
      catalogue.get("taskflow-db")!.env!({ host: () => "", memory: 0, volume }).flatMap((entry) =>
        entry.name === "POSTGRES_MAX_WAL_SIZE" && "sized" in entry ? [entry.sized] : [],
      );
    const gibibyte = 1024 ** 3;
    assert.deepEqual([gibibyte / 4, gibibyte, 2 * gibibyte, 100 * gibibyte].flatMap(log), [
      "128MB",
      "256MB",
      "512MB",
      "1024MB",
    ]);
    assert.deepEqual(log(0), []);
    const { env } = service("    postgres: { size: 3Gi }", "postgres").container;
    assert.deepEqual(
      env.filter(({ name }) => name === "POSTGRES_MAX_WAL_SIZE"),
      [{ name: "POSTGRES_MAX_WAL_SIZE", sized: "768MB" }],
    );
  });

  it("comes before the config's arguments, of which the server takes the last", async () => {
    const root = await mkdtemp(join(tmpdir(), "postgresql-args-"));
    try {
      await writeFile(join(root, "docker-entrypoint.sh"), '#!/bin/sh\nprintf "%s\\n" "$@"\n', { mode: 0o755 });
      const { command = [], args = [] } = service(
        '    postgres: { size: 1Gi, args: ["-c", "shared_buffers=1GB", "-c", "search_path=a, b"] }',
        "postgres",
      ).container;
      const stdout = await startIn(root, [...command, ...args], ofLimit);
      assert.deepEqual(stdout.split("\n"), [
        "postgres",
        ...["-c", "shared_buffers=256MB", "-c", "effective_cache_size=768MB"],
        ...["-c", "shared_buffers=1GB", "-c", "search_path=a, b"],
      ]);
    } finally {
      await rm(root, { recursive: true });
    }
  });

  const both = "-c shared_buffers=256MB -c effective_cache_size=768MB";
  const cases: [what: string, file: string, text: string, options: string, log?: string][] = [
    ["counts on a new volume", "other", "", both],
    [
      "counts beside what initdb writes",
      "postgresql.conf",
      "shared_buffers = 128MB\t\t# min 128kB\n#effective_cache_size = 4GB\n",
      both,
    ],
    ["gives way to ALTER SYSTEM", "postgresql.auto.conf", "shared_buffers = '1GB'\n", "-c effective_cache_size=768MB"],
    ["gives way to what somebody wrote", "postgresql.conf", " shared_buffers=2GB\neffective_cache_size 4GB\n", ""],
    [
      "gives way to a longer log that somebody wants",
      "postgresql.conf",
      "shared_buffers = 128MB\nmax_wal_size = 4GB\n",
      both,
      "512MB",
    ],
    [
      "is joined by the volume's",
      "postgresql.conf",
      "max_wal_size = 1GB\nmin_wal_size = 80MB\n",
      `${both} -c max_wal_size=512MB`,
      "512MB",
    ],
    ["gives way to any case", "postgresql.auto.conf", "Shared_Buffers = '1GB'\n", "-c effective_cache_size=768MB"],
    [
      "gives way to a line that was added below initdb's",
      "postgresql.conf",
      "shared_buffers = 128MB\t\t# min 128kB\nSHARED_BUFFERS = '2GB' # ours",
      "-c effective_cache_size=768MB",
    ],
    ["gives way to files that are included", "postgresql.conf", "include_dir = 'conf.d'\n", ""],
    ["gives way to a file that is included", "postgresql.conf", "\tInclude 'tuning.conf'\n", ""],
    [
      "counts beside what is commented out",
      "postgresql.conf",
      "#include_dir = '...'\n#include = '...'\n#shared_buffers = 1GB\n",
      both,
    ],
    [
      "counts beside settings of other names",
      "postgresql.auto.conf",
      "temp_shared_buffers = 1\nshared_buffers_x = 1\n",
      both,
    ],
  ];
  for (const [what, file, text, options, log] of cases)
    it(what, async () => {
      const root = await mkdtemp(join(tmpdir(), "postgresql-memory-"));
      try {
        await writeFile(join(root, "docker-entrypoint.sh"), '#!/bin/sh\necho "$*"\n', { mode: 0o755 });
        await mkdir(join(root, "pgdata"));
        await writeFile(join(root, "pgdata", file), text);
        for (const name of ["postgres", "taskflow-db"]) {
          const stdout = await startIn(root, catalogue.get(name)!.command!, {
            ...ofLimit,
            ...(log !== undefined && { POSTGRES_MAX_WAL_SIZE: log }),
          });
          assert.equal(stdout, `postgres ${options}`.trimEnd());
        }
      } finally {
        await rm(root, { recursive: true });
      }
    });
});
