import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { catalogue } from "../../services/catalogue";

/** Programs that the scripts use beside the service's own. */
const usual = ["sh", "grep", "tail", "head", "cat"];

describe("how a service's own tool checks its stopped files", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "stopped-check-"));
    mkdirSync(join(root, "bin"));
    for (const name of usual) {
      const { stdout } = spawnSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" });
      symlinkSync(stdout.trim(), join(root, "bin", name));
    }
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const tool = (name: string, script: string) =>
    writeFileSync(join(root, "bin", name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const file = (name: string) => {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), "");
  };
  function run(service: string, env: Record<string, string> = {}) {
    const [command = "", ...args] = catalogue
      .get(service)!
      .check.stopped!.exec.map((word) => word.replaceAll("/tmp/", `${root}/`).replaceAll(" /data/", ` ${root}/data/`));
    const { status, stdout, stderr } = spawnSync(join(root, "bin", command), args, {
      encoding: "utf8",
      env: { PATH: join(root, "bin"), ...env },
    });
    return { status, lines: stdout.trim().split("\n"), stderr };
  }

  it("is known of Redis, Neo4j and both PostgreSQLs, whose images have one", () =>
    assert.deepEqual(
      [...catalogue.values()].filter(({ check }) => check.stopped).map(({ name }) => name),
      ["neo4j", "postgres", "redis", "taskflow-db"],
    ));

  it("isn't done in an image without the tool, and that is said", () => {
    for (const [service, name] of [
      ["neo4j", "neo4j-admin"],
      ["postgres", "pg_checksums"],
      ["redis", "redis-check-aof"],
    ] as const)
      assert.deepEqual(run(service), { status: 0, lines: [`not checked: its image has no ${name}`], stderr: "" });
  });

  it("looks at each of Neo4j's databases, within the memory of its page cache", () => {
    for (const name of ["neo4j", "system"]) file(`data/databases/${name}/database_lock`);
    tool("neo4j-admin", `echo "$*" >>${root}/asked`);
    assert.deepEqual(run("neo4j", { NEO4J_server_memory_pagecache_size: "512m" }).status, 0);
    const asked = (name: string) => `database check --report-path=${root}/ --max-off-heap-memory=512m ${name}`;
    const { stdout } = spawnSync("cat", [`${root}/asked`], { encoding: "utf8" });
    assert.deepEqual(stdout.trim().split("\n"), [asked("neo4j"), asked("system")]);
  });

  it("fails where there is nothing to look at", () => {
    for (const [service, name, why] of [
      ["neo4j", "neo4j-admin", `there is no database in ${root}/data/databases`],
      ["redis", "redis-check-aof", "there is no log in /data"],
    ] as const) {
      tool(name, "exit 0");
      assert.deepEqual(run(service), { status: 1, lines: [why], stderr: "" });
    }
  });

  it("fails as the tool does, and says first what is wrong", () => {
    file("data/databases/neo4j/database_lock");
    tool("neo4j-admin", "echo 'Store size: 1'; echo '2026 ERROR [o] The property is not in use.' >&2; exit 3");
    const neo4j = run("neo4j");
    assert.deepEqual(neo4j.status, 3);
    assert.deepEqual(neo4j.lines, [
      "2026 ERROR [o] The property is not in use.",
      "Store size: 1",
      "2026 ERROR [o] The property is not in use.",
    ]);
    file("data/appendonlydir/appendonly.aof.manifest");
    tool("redis-check-aof", "echo 'Start checking'; echo '[offset 9] RDB CRC error'; exit 1");
    assert.deepEqual(run("redis"), {
      status: 1,
      lines: ["[offset 9] RDB CRC error", "Start checking", "[offset 9] RDB CRC error"],
      stderr: "",
    });
    tool("redis-check-aof", "echo 'Start checking'; echo 'Cannot open it'; exit 1");
    assert.equal(run("redis").lines[0], "Cannot open it");
  });

  it("compares PostgreSQL's checksums where its database has them", () => {
    const checked = (version: number) => {
      tool("pg_controldata", `[ "$LC_ALL" = C ] && echo 'Data page checksum version:           ${version}'`);
      tool("pg_checksums", `echo 'pg_checksums: error: checksum verification failed in file' "$*" >&2; exit 1`);
      const { status, lines } = run("postgres", { PGDATA: "/the/data" });
      return { status, line: lines[0] };
    };
    assert.deepEqual(checked(0), { status: 0, line: "not checked: its database has no checksums" });
    assert.deepEqual(checked(1), {
      status: 1,
      line: `pg_checksums: error: checksum verification failed in file --check -D /the/data`,
    });
  });
});
