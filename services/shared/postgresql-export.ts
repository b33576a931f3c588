import type { ExportRecipe } from "../../model/export-recipe";
import { later, shell } from "./export-recipes";

/**
 * While PostgreSQL is held, only the mover's own client can connect. All other clients are disconnected. Then a base
 * backup is taken, with the log up to its end. The rules for clients are a file of the data: the original file is put
 * back in the copy, and in the source by `end`.
 */
export function postgresExport(container: string, user: string, into: string): ExportRecipe {
  const sql = (statement: string) => `psql -X -q -v ON_ERROR_STOP=1 -U ${user} -d template1 -Atc "${statement}"`;
  // In two steps, because `cd ""` succeeds and stays where it is when the server does not answer.
  const there = `set -e; data="$(${sql("show data_directory")})"; cd "$data"`;
  const others =
    "from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid() and datname <> " +
    "'template1'";
  const shutOut =
    `printf 'local template1 ${user} trust\\nlocal replication ${user} trust\\n' >pg_hba.conf.new && ` +
    "chmod 600 pg_hba.conf.new && mv pg_hba.conf.new pg_hba.conf";
  const letIn =
    "if [ -e pg_hba.conf.before-move ]; then mv pg_hba.conf.before-move " +
    `pg_hba.conf; ${sql("select pg_reload_conf()")}; fi`;
  const vacuums = "from pg_stat_activity where backend_type = 'autovacuum worker'";
  // Nobody else starts such workers. A signal leaves nothing behind in the data, as a setting would.
  const signal = (name: string) =>
    `for pid in $(${sql("select pid from pg_stat_activity where backend_type = 'autovacuum launcher'")}); do ` +
    `kill -${name} $pid; done`;
  return {
    container,
    begin: [
      shell(`${there}
echo $$ >/tmp/held
if [ ! -e pg_hba.conf.before-move ]; then
  cp -p pg_hba.conf pg_hba.conf.new && mv pg_hba.conf.new pg_hba.conf.before-move
  ${shutOut}
  ${sql("select pg_reload_conf()")} >/dev/null
  while psql -X -U ${user} -d postgres -Atc 'select 1' >/dev/null 2>&1; do sleep 0.2; done
fi
until [ "$(${sql(`select count(*) ${others}`)})" = 0 ]; do
  ${sql(`select pg_terminate_backend(pid) ${others}`)} >/dev/null
  sleep 0.2
done
${later(letIn)}`),
    ],
    streams: [
      {
        exec: ["sh", "-c", `exec pg_basebackup -U ${user} -D - -Ft -X fetch -c fast --manifest-checksums=SHA256`],
        into,
      },
    ],
    // What was written while it ran is replayed from its log at the next start.
    live: true,
    // Only these rules keep clients out. With other rules, somebody may have written.
    mark: shell(`${there}; cat pg_hba.conf`),
    verify: "backup-manifest",
    rename: [{ from: `${into}/pg_hba.conf.before-move`, to: `${into}/pg_hba.conf` }],
    files: {
      settle: [
        shell(`set -e
${signal("STOP")}
until [ "$(${sql(`select count(*) ${vacuums}`)})" = 0 ]; do
  ${sql(`select pg_terminate_backend(pid) ${vacuums}`)} >/dev/null
  sleep 0.2
done
${sql("checkpoint")}`),
      ],
      resume: [shell(signal("CONT"))],
      // A recovery reads the log from the checkpoint on, up to its last whole record. The other is a cache, which each
      // start removes.
      changing: ["pg_wal", "pg_internal.init"],
    },
    end: [shell(`${there}; ${letIn}`)],
  };
}
