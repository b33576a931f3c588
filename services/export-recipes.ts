import type { ExportRecipe, Stream } from "../model/mover";
import type { Mount } from "../model/container";

/** How a database's data leaves a running pod, and what every way has. */

export const shell = (script: string) => ({ exec: ["sh", "-c", script] });

/** Each of the volume's directories that the container has, or all of it. */
export const streamsOf = (mounts: Mount[], print: (directory: string) => string[]): Stream[] =>
  mounts.map(({ path, subPath }) => ({ exec: print(path), ...(subPath && { into: subPath }) }));

export const tar = (directory: string) => ["tar", "-C", directory, "-cf", "-", "."];

/** Unless somebody says so again: a job that is no more must not hold a service for good. */
const holdSeconds = 600;

/** Lets go by itself; the latest begin's own number says whether somebody came after it. */
export const later = (letGo: string) =>
  `(sleep ${holdSeconds}; [ "$(cat /tmp/held)" = $$ ] && { ${letGo}; }) </dev/null >/dev/null 2>&1 &`;

/**
 * Writes wait; what was acknowledged is on disk, in the log or, in a server that was set up without one, in a snapshot;
 * nothing rewrites files meanwhile.
 * The settings that `end` restores are the server's own defaults, which the catalogue's command leaves.
 */
export function redisExport(onDisk: string, mounts: Mount[]): ExportRecipe {
  const setting = (name: string) => `$(redis-cli config get ${name} | tail -1)`;
  const here = mounts.map(({ path }) => `[ "${setting("dir")}" = ${path} ]`).join(" || ");
  const snapshot = `if [ "${setting("appendonly")}" = no ] && ! { redis-cli info persistence | grep -q '^rdb_changes_since_last_save:0' && [ -s "${setting("dir")}/${setting("dbfilename")}" ]; }; then
  test "$(redis-cli save)" = OK
fi`;
  const settled =
    `until redis-cli info persistence | tr -d '\\r' | grep -cE ` +
    "'^(aof_rewrite_in_progress|aof_rewrite_scheduled|rdb_bgsave_in_progress):0$' | grep -q 3; do sleep 1; done";
  return {
    container: "redis",
    begin: [
      shell(`set -e
{ ${here}; } || { echo "Redis keeps its data in ${setting("dir")}" >&2; exit 1; }
redis-cli config set save "" auto-aof-rewrite-percentage 0 >/dev/null
test "$(redis-cli client pause ${holdSeconds * 1000} write)" = OK
${settled}
${snapshot}
${onDisk}`),
    ],
    streams: streamsOf(mounts, tar),
    mark: shell(
      "redis-cli info persistence | grep -E '^(aof_current_size|aof_base_size|rdb_changes_since_last_save|loading):'",
    ),
    verify: "again",
    end: [
      shell(
        'redis-cli client unpause && redis-cli config set save "3600 1 300 100 60 10000" ' +
          "auto-aof-rewrite-percentage 100",
      ),
    ],
  };
}

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
  printf 'local template1 ${user} trust\\nlocal replication ${user} trust\\n' >pg_hba.conf.new && chmod 600 pg_hba.conf.new && mv pg_hba.conf.new pg_hba.conf
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
