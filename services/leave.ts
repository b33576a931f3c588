import type { Leave, Stream } from "../mover/types";
import type { Mount } from "../plan/container-types";

/** How a service's data leaves a running pod: the ways that there are. */

const shell = (script: string) => ({ exec: ["sh", "-c", script] });

/** Each of the volume's directories that the container has, or all of it. */
const streamsOf = (mounts: Mount[], print: (directory: string) => string[]): Stream[] =>
  mounts.map(({ path, subPath }) => ({ exec: print(path), ...(subPath && { into: subPath }) }));

const tar = (directory: string) => ["tar", "-C", directory, "-cf", "-", "."];

/** A service that keeps files, each written once: nothing has to stand still, for a second stream shows that nothing changed. */
export function filesLeave(container: string, mounts: Mount[]): Leave {
  return { container, begin: [], streams: streamsOf(mounts, tar), verify: "again", end: [] };
}

/** Unless somebody says so again: a job that is no more must not hold a service for good. */
const holdSeconds = 600;

/**
 * A database that recovers from any kill is stopped in its tracks: what is on its disk then is what a kill would leave,
 * every acknowledged write in its log. Beyond the first process of the container, which can't be stopped.
 * `program`: what its process is called.
 */
export function frozenLeave(container: string, program: string, mounts: Mount[]): Leave {
  const each = (signal: string) => `found=; for p in /proc/[0-9]*; do if [ "$(cat $p/comm 2>/dev/null)" = ${program} ]; then kill -${signal} \${p#/proc/} && found=1; fi; done`;
  // The latest begin's own number says whether somebody came after it.
  const thaw = `(sleep ${holdSeconds}; [ "$(cat /tmp/held)" = $$ ] && { ${each("CONT")}; }) </dev/null >/dev/null 2>&1 &`;
  return {
    ...filesLeave(container, mounts),
    begin: [shell(`echo $$ >/tmp/held; ${each("STOP")}; [ "$found" ] || { echo "no process ${program} to stop" >&2; exit 1; }; ${thaw}`)],
    end: [shell(each("CONT"))],
  };
}

/**
 * Writes wait; what was acknowledged is in the log on disk; nothing rewrites files meanwhile.
 * The settings that `end` restores are the server's own defaults, which the catalogue's command leaves.
 */
export function redisLeave(onDisk: string, mounts: Mount[]): Leave {
  const settled = `until redis-cli info persistence | tr -d '\\r' | grep -cE '^(aof_rewrite_in_progress|aof_rewrite_scheduled|rdb_bgsave_in_progress):0$' | grep -q 3; do sleep 1; done`;
  return {
    container: "redis",
    begin: [
      shell(`set -e
redis-cli config set save "" auto-aof-rewrite-percentage 0 >/dev/null
test "$(redis-cli client pause ${holdSeconds * 1000} write)" = OK
${settled}
${onDisk}`),
    ],
    streams: streamsOf(mounts, tar),
    mark: shell("redis-cli info persistence | grep -E '^(aof_current_size|aof_base_size|loading):'"),
    verify: "again",
    end: [shell('redis-cli client unpause && redis-cli config set save "3600 1 300 100 60 10000" auto-aof-rewrite-percentage 100')],
  };
}

/**
 * No client but this one gets in, those that are in are put out, and a base backup is taken with the log up to its end.
 * The rules for clients that apply until then are in a file of the data, which is put back in the copy.
 */
export function postgresLeave(container: string, user: string, into: string): Leave {
  const sql = (statement: string) => `psql -X -q -v ON_ERROR_STOP=1 -U ${user} -d template1 -Atc "${statement}"`;
  // In two steps: a server that doesn't answer would leave `cd` where it is, without a word.
  const there = `set -e; data="$(${sql("show data_directory")})"; cd "$data"`;
  const others = "from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid() and datname <> 'template1'";
  const letIn = `if [ -e pg_hba.conf.before-move ]; then mv pg_hba.conf.before-move pg_hba.conf; ${sql("select pg_reload_conf()")}; fi`;
  const later = `(sleep ${holdSeconds}; [ "$(cat /tmp/held)" = $$ ] && { ${letIn}; }) </dev/null >/dev/null 2>&1 &`;
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
${later}`),
    ],
    streams: [{ exec: ["sh", "-c", `exec pg_basebackup -U ${user} -D - -Ft -X fetch -c fast --manifest-checksums=SHA256`], into }],
    // Only these rules keep clients out: with others, somebody may have written.
    mark: shell(`${there}; cat pg_hba.conf`),
    verify: "backup-manifest",
    rename: [{ from: `${into}/pg_hba.conf.before-move`, to: `${into}/pg_hba.conf` }],
    end: [shell(`${there}; ${letIn}`)],
  };
}
