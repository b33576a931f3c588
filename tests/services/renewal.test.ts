import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RenewalJob } from "../../model/service-spec";
import { catalogue } from "../../services/catalogue";
import { start } from "../../services/shared/postgresql";

/** Programs of a test's own in front of the real ones. */
function withPrograms(programs: Record<string, string>, run: (directory: string, PATH: string) => void): void {
  const directory = mkdtempSync(join(tmpdir(), "renewal-"));
  try {
    for (const [name, script] of Object.entries(programs)) {
      writeFileSync(join(directory, name), `#!/bin/sh\n${script}\n`);
      chmodSync(join(directory, name), 0o755);
    }
    run(directory, `${directory}:${process.env.PATH}`);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

describe("Neo4j's new password", () => {
  const { command } = catalogue.get("neo4j")!.secrets![0]!.renewal as RenewalJob;
  /** A server with this password. It notes each login, and takes the new password of the statement. */
  const server = (directory: string) => `
echo "$NEO4J_PASSWORD $*" >> ${directory}/logins
[ "$NEO4J_PASSWORD" = "$(cat ${directory}/password)" ] || { echo "The client is unauthorized" >&2; exit 1; }
read -r statement
case "$statement" in *"set password"*) printf %s "$statement" | cut -d"'" -f2 > ${directory}/password ;; esac`;

  const renew = (has: string, check: (ended: { status: number | null; logins: string[]; password: string }) => void) =>
    withPrograms({ sleep: "exit 0" }, (directory, PATH) => {
      writeFileSync(join(directory, "cypher-shell"), `#!/bin/sh\n${server(directory)}\n`);
      chmodSync(join(directory, "cypher-shell"), 0o755);
      writeFileSync(join(directory, "password"), has);
      const env = {
        PATH,
        SERVER: "neo4j.data",
        SCHEME: "bolt",
        NEWEST: "3",
        VALUE_1: 'first\'s "own"',
        VALUE_2: "second",
        VALUE_3: "third",
      };
      const { status } = spawnSync(command[0]!, command.slice(1), { env, timeout: 20_000 });
      const read = (name: string) => readFileSync(join(directory, name), "utf8").trim();
      check({ status, logins: read("logins").split("\n"), password: read("password") });
    });
  const shell = "-a bolt://neo4j.data:7687 -d system --format plain";

  it("is set by a login with whichever earlier one the data has, and never as an argument", () =>
    renew('first\'s "own"', ({ status, logins, password }) => {
      assert.deepEqual([status, password], [0, "third"]);
      assert.deepEqual(logins, [
        `third ${shell}`,
        `second ${shell}`,
        `first's "own" ${shell}`,
        `first's "own" ${shell}`,
      ]);
    }));

  it("is left as it is where the server has it", () =>
    renew("third", ({ status, logins, password }) =>
      assert.deepEqual([status, logins, password], [0, [`third ${shell}`], "third"]),
    ));

  it("ends with an error where the server has none of those that the stack knows", () =>
    renew("by hand", ({ status, logins, password }) =>
      assert.deepEqual([status, logins.length, password], [1, 3, "by hand"]),
    ));
});

const starts = {
  "": start,
  ", where clients have to encrypt": catalogue.get("postgres")!.encrypted!({} as never).command!,
};

for (const [which, command] of Object.entries(starts))
  describe(`PostgreSQL's new password${which}`, () => {
    const begin = (files: Record<string, string>, check: (said: string, errors: string) => void, single = "cat >&2") =>
      withPrograms(
        { postgres: `echo "postgres $*"; ${single}`, "docker-entrypoint.sh": 'echo "entrypoint $* $PGDATA"' },
        (directory, PATH) => {
          mkdirSync(join(directory, "data", "pgdata"), { recursive: true });
          for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
          const script = command[2]!
            .replaceAll("/var/lib/postgresql/data", join(directory, "data"))
            .replaceAll("/tmp/start", join(directory, "start"));
          const env = {
            PATH,
            PGDATA: join(directory, "data", "pgdata"),
            POSTGRES_PASSWORD_FILE: join(directory, "password"),
            POSTGRES_USER: "taskflow",
          };
          const { stdout, stderr, status } = spawnSync("sh", ["-c", script], { env, encoding: "utf8" });
          assert.equal(status, 0);
          check(stdout.replaceAll(directory, "…").replace(/ -c ssl.*(?= …)/, ""), stderr);
        },
      );
    const started = "entrypoint postgres …/data/pgdata\n";
    const statement = "alter role \"taskflow\" password 'SCRAM-SHA-256$x'\n";
    const data = { "data/pgdata/PG_VERSION": "15\n", "password-verifier": "SCRAM-SHA-256$x" };

    it("is set before the server starts, by standard input and its verifier", () =>
      begin(data, (said, errors) => assert.deepEqual([said, errors], [started, statement])));

    it("is not touched before the first rotation, nor where there is no data yet", () => {
      begin({ "data/pgdata/PG_VERSION": "15\n" }, (said, errors) => assert.deepEqual([said, errors], [started, ""]));
      begin({ "password-verifier": "SCRAM-SHA-256$x" }, (said, errors) =>
        assert.deepEqual([said, errors], [started, ""]),
      );
    });

    it("keeps no server from starting: in recovery, or where it can't be set", () => {
      begin({ ...data, "data/pgdata/recovery.signal": "" }, (said, errors) =>
        assert.deepEqual([said, errors], [started, "the password was not set: the server is in recovery\n"]),
      );
      begin(
        data,
        (said, errors) =>
          assert.deepEqual(
            [said, errors],
            [started, "the password was not set: the server starts with the one in its data\n"],
          ),
        "cat >/dev/null; exit 1",
      );
    });
  });
