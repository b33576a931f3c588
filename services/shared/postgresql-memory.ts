import type { EnvVar } from "../../model/container";

/**
 * What PostgreSQL makes of its memory limit. Its own defaults (128 MB and 4 GB) know nothing of it. A quarter for
 * shared_buffers is the manual's advice for a server of its own. effective_cache_size reserves nothing: it tells the
 * planner how much of the files is likely to be in memory, and the kernel's cache of the files counts towards the
 * container's limit too (postgresql.org/docs/current/runtime-config-resource.html and runtime-config-query.html).
 */

const mebibyte = 1024 ** 2;

/** `limit`: of the memory, in bytes; 0 where there is none, and then nothing is set. */
export function memoryEnv(limit: number): EnvVar[] {
  const part = (of: number) => `${Math.floor((limit * of) / mebibyte)}MB`;
  // Below that, PostgreSQL's own default is as good.
  if (limit < 32 * mebibyte) return [];
  return [
    { name: "POSTGRES_SHARED_BUFFERS", value: part(1 / 4) },
    { name: "POSTGRES_EFFECTIVE_CACHE_SIZE", value: part(3 / 4) },
  ];
}

/**
 * Puts these settings into $tuned, for the server's command line. There they would win over the files of the data, so
 * a setting that somebody has made there (ALTER SYSTEM, postgresql.conf) is left out, and all of them where
 * postgresql.conf includes other files. Names have no case, and of several lines the last one counts. initdb itself
 * writes shared_buffers = 128MB.
 */
export const tune = `tuned=
for setting in "shared_buffers=$POSTGRES_SHARED_BUFFERS" "effective_cache_size=$POSTGRES_EFFECTIVE_CACHE_SIZE"; do
  name=\${setting%%=*}
  if [ -z "\${setting#*=}" ]; then continue; fi
  if grep -qsiE "^[[:space:]]*$name[[:space:]=]" "$PGDATA/postgresql.auto.conf"; then continue; fi
  if grep -qsiE "^[[:space:]]*include(_dir|_if_exists)?[[:space:]=]" "$PGDATA/postgresql.conf"; then continue; fi
  own=$(grep -siE "^[[:space:]]*$name[[:space:]=]" "$PGDATA/postgresql.conf" | tail -1 |
    sed "s/^[[:space:]]*[A-Za-z_]*[[:space:]=][[:space:]='\\"]*//")
  case "$own" in "" | 128MB*) tuned="$tuned -c $setting" ;; esac
done`;
