import { tlsFiles } from "../../model/tls";
import type { Engine } from "../../model/engine-version";
import type { SecretTrial, ServiceSpec } from "../../model/service-spec";
import { tune } from "./postgresql-sizes";
import type { EnvVar, PersistenceCheck, Probes } from "../../model/container";

/** What the PostgreSQL services share. They differ in version, uid and in how their claim is made. */

export const dataMount = "/var/lib/postgresql/data";

/** The directory of the database, relative to the mount. */
export const dataDirectory = "pgdata";

/** Writable beside the data: the socket's directory and temporary files. */
export const scratch = ["/var/run/postgresql", "/tmp"];

/** Settings of the first start. Later starts find a data directory and ignore them. */
export const initEnv: EnvVar[] = [
  // Not the root of the volume: a file system may have lost+found there, and initdb needs an empty directory.
  { name: "PGDATA", value: `${dataMount}/${dataDirectory}` },
  { name: "POSTGRES_INITDB_ARGS", value: "--data-checksums --auth-host=scram-sha-256" },
];

/**
 * Minor releases never change the files, in either direction; major ones do (postgresql.org/docs/current/upgrading).
 * Indexes of text follow the C library's order, which differs between Alpine and Debian and between releases of Debian
 * (wiki.postgresql.org/wiki/Locale_data_changes).
 */
export const engine = (user: string): Engine => ({
  name: "PostgreSQL",
  images: ["postgres"],
  parts: 1,
  up: "none",
  down: "series",
  dump: `dump it ({exec} pg_dumpall -U ${user} > dump.sql) and restore that into a new, empty volume`,
  sorts: { reindex: `{exec} reindexdb -U ${user} --all` },
});

export const fileShare: ServiceSpec["fileShare"] = {
  verdict: "unwise",
  because:
    "PostgreSQL trusts that what it flushed is on the disk, which a share promises only with the right server " +
    "and mount options, and each flush waits for the network",
};

/** Nothing of a statement that sets a password gets into a log. */
const quiet = ["log_statement=none", "log_min_duration_statement=-1", "log_min_error_statement=panic"];

/**
 * A password that was given anew is set before each start, as no client can connect yet. So a volume of an earlier time
 * has it too, and no earlier password is needed. In single-user mode the server asks for none. Where that fails, the
 * server starts with the password that its data has. In archive recovery single-user mode is impossible.
 */
const setPassword = `verifier="$POSTGRES_PASSWORD_FILE-verifier"
if [ -s "$PGDATA/PG_VERSION" ] && [ -s "$verifier" ]; then
  if [ -e "$PGDATA/recovery.signal" ] || [ -e "$PGDATA/standby.signal" ]; then
    echo "the password was not set: the server is in recovery" >&2
  else
    chmod 700 "$PGDATA" 2>/dev/null
    printf 'alter role "%s" password '"'%s'\\n" "\${POSTGRES_USER:-postgres}" "$(cat "$verifier")" |
      postgres --single -D "$PGDATA" ${[...quiet, "exit_on_error=on"].map((setting) => `-c ${setting}`).join(" ")} \\
        template1 >/dev/null || echo "the password was not set: the server starts with the one in its data" >&2
  fi
fi`;

/**
 * A volume from another installation may have its database at the root, or in a directory of its major version, as the
 * images from version 18 on make it. A new, empty one beside it would hide that data.
 */
const findData = `for data in ${dataMount} ${dataMount}/${dataDirectory} ${dataMount}/[0-9]*/docker; do
  if [ -s "$data/PG_VERSION" ]; then export PGDATA="$data"; break; fi
done`;

/**
 * The first rule for clients of an encrypted server. The rules are a file of the data, because a hold changes them
 * there (postgresql-export.ts); they may be someone's own, so nothing else in them is touched.
 */
const noPlain = "hostnossl all,replication all all reject # cluster-storage: tls";

/** Writes the rules anew with `first` before them, so that a crash leaves the old file or the new one. */
const writeRules = (first: string) =>
  `{ ${first}grep -vxF "${noPlain}" "$rules"; } >"$rules.new"; chmod 600 "$rules.new"; sync; mv "$rules.new" "$rules"`;

const eachRules = 'for rules in "$PGDATA/pg_hba.conf" "$PGDATA/pg_hba.conf.before-move"; do';

export const start = [
  "sh",
  "-c",
  `${findData}
${eachRules}
  if grep -qxF "${noPlain}" "$rules" 2>/dev/null; then ${writeRules("")}; fi
done
${setPassword}
${tune}
exec docker-entrypoint.sh postgres $tuned`,
];

/**
 * The entrypoint makes the database at its first start, with the rules, and then starts the program `postgres` that it
 * finds first: the script below, which adds the rule and goes on with the server itself.
 */
const startEncrypted = [
  "sh",
  "-c",
  `${findData}
${setPassword}
${tune}
mkdir -p /tmp/start
cat >/tmp/start/postgres <<'EOF'
#!/bin/sh
PATH=\${PATH#/tmp/start:}
${eachRules}
  if [ -e "$rules" ] && [ "$(head -1 "$rules")" != "${noPlain}" ]; then ${writeRules(`echo "${noPlain}"; `)}; fi
done
exec postgres "$@"
EOF
chmod 700 /tmp/start/postgres
PATH=/tmp/start:$PATH exec docker-entrypoint.sh postgres -c ssl=on -c ssl_cert_file=${tlsFiles.certificate} \\
  -c ssl_key_file=${tlsFiles.key} -c ssl_min_protocol_version=TLSv1.2 $tuned`,
];

/**
 * Clients by TCP have to encrypt. The socket in the container stays as it is, for checks, holds and exports.
 * `pg_isready` asks whether the server answers, and a refusal is an answer.
 */
export const encrypted: ServiceSpec["encrypted"] = () => ({ command: startEncrypted });

/** Over TCP, because the server that runs during the first start is not for clients and listens on the socket only. */
export function probes(user: string): Probes {
  const action = { exec: ["pg_isready", "-h", "127.0.0.1", "-p", "5432", "-U", user] };
  return {
    // A crash recovery may take long, and would start again from the beginning if it were killed.
    startup: { action, periodSeconds: 2, failureThreshold: 900 },
    readiness: { action, periodSeconds: 5 },
    liveness: { action, periodSeconds: 20, timeoutSeconds: 10, failureThreshold: 6 },
  };
}

/** Through the socket in the container, where the image asks its own user for no password. */
export function persistenceCheck(container: string, user: string, database: string): PersistenceCheck {
  const psql = (sql: string) => ({ exec: ["psql", "-v", "ON_ERROR_STOP=1", "-U", user, "-d", database, "-Atc", sql] });
  return {
    container,
    write: [
      psql("create table if not exists persistence_check (key text primary key, value text not null)"),
      psql(
        "insert into persistence_check values ('{{key}}', '{{value}}') on conflict (key) do update set value " +
          "= excluded.value",
      ),
    ],
    read: [psql("select value from persistence_check where key = '{{key}}'")],
    remove: [psql("delete from persistence_check where key = '{{key}}'")],
    list: [psql("select key from persistence_check")],
  };
}

/** Logs in over the network, at the pod's own address: a server may trust its loopback address. */
export const trial = (role: string, database: string): SecretTrial => ({
  step: {
    exec: [
      "sh",
      "-c",
      "IFS= read -r PGPASSWORD; export PGPASSWORD; " +
        `exec psql -X -w -h "$HOSTNAME" -U ${role} -d ${database} -Atc "select 1"`,
    ],
  },
  refused: "authentication failed",
});
