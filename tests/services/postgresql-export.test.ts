import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { postgresExport } from "../../services/shared/postgresql-export";

describe("PostgreSQL's clients", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "postgres-leave-"));
    mkdirSync(join(root, "pgdata"));
    writeFileSync(join(root, "pgdata/pg_hba.conf"), "closed\n");
    writeFileSync(join(root, "pgdata/pg_hba.conf.before-move"), "open\n");
  });
  afterEach(() => rmSync(root, { recursive: true }));

  /** Runs what lets them in again; `psql` is the whole of that program. */
  const letIn = (psql: string) => {
    writeFileSync(join(root, "psql"), `#!/bin/sh\n${psql}\n`, { mode: 0o755 });
    const [end] = postgresExport("postgres", "postgres", "pgdata").end;
    const [command = "", ...args] = end!.exec;
    execFileSync(command, args, { cwd: root, env: { PATH: [root, process.env.PATH].join(delimiter) }, stdio: "pipe" });
  };

  it("are let in by the rules from before", () => {
    letIn(`case "$*" in *data_directory*) echo ${root}/pgdata ;; *) echo "$*" >>${root}/asked ;; esac`);
    assert.deepEqual(readdirSync(join(root, "pgdata")), ["pg_hba.conf"]);
    assert.equal(readFileSync(join(root, "pgdata/pg_hba.conf"), "utf8"), "open\n");
    assert.match(readFileSync(join(root, "asked"), "utf8"), /select pg_reload_conf\(\)/);
  });

  it("are not said to be let in where the server doesn't answer", () => {
    assert.throws(() => letIn("exit 2"), { status: 2 });
    assert.equal(readFileSync(join(root, "pgdata/pg_hba.conf"), "utf8"), "closed\n");
  });
});
