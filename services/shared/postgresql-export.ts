import type { ExportRecipe } from "../../model/mover";
import { later, shell } from "./export-recipes";

/**
 * No client but this one gets in, those that are in are put out, and a base backup is taken with the log up to its end.
 * The rules for clients that apply until then are in a file of the data, which is put back in the copy.
 */
export function postgresExport(container: string, user: string, into: string): ExportRecipe {
  const sql = (statement: string) => `psql -X -q -v ON_ERROR_STOP=1 -U ${user} -d template1 -Atc "${statement}"`;
  // In two steps: a server that doesn't answer would leave `cd` where it is, without a word.
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
    // Only these rules keep clients out: with others, somebody may have written.
    mark: shell(`${there}; cat pg_hba.conf`),
    verify: "backup-manifest",
    rename: [{ from: `${into}/pg_hba.conf.before-move`, to: `${into}/pg_hba.conf` }],
    end: [shell(`${there}; ${letIn}`)],
  };
}
