import type { EnvVar } from "../../model/container";
import type { EnvContext } from "../../model/service-spec";

/**
 * What PostgreSQL makes of its memory limit and of its volume's size.
 *
 * Its own defaults (128 MB and 4 GB) know nothing of it. A quarter for
 * shared_buffers is the manual's advice for a server of its own. effective_cache_size reserves nothing: it tells the
 * planner how much of the files is likely to be in memory, and the kernel's cache of the files counts towards the
 * container's limit too (postgresql.org/docs/current/runtime-config-resource.html and runtime-config-query.html).
 *
 * Its log of changes grows to max_wal_size between two checkpoints, and a server whose volume is full stops: a quarter
 * of the volume, at least 128 MB and at most its own default of 1 GB
 * (postgresql.org/docs/current/wal-configuration.html).
 */

const mebibyte = 1024 ** 2;

/** `memory`: its limit, `volume`: the volume's size, both in bytes; nothing is set of one that is 0. */
export function sizeEnv({ memory, volume }: EnvContext): EnvVar[] {
  const part = (of: number) => `${Math.floor((memory * of) / mebibyte)}MB`;
  const log = Math.min(1024, Math.max(128, Math.floor(volume / 4 / mebibyte)));
  return [
    // Below that, PostgreSQL's own default is as good.
    ...(memory < 32 * mebibyte
      ? []
      : [
          { name: "POSTGRES_SHARED_BUFFERS", value: part(1 / 4) },
          { name: "POSTGRES_EFFECTIVE_CACHE_SIZE", value: part(3 / 4) },
        ]),
    ...(volume === 0 ? [] : [{ name: "POSTGRES_MAX_WAL_SIZE", sized: `${log}MB` }]),
  ];
}

/**
 * Puts these settings into $tuned, for the server's command line. There they would win over the files of the data, so
 * a setting that somebody has made there (ALTER SYSTEM, postgresql.conf) is left out, and all of them where
 * postgresql.conf includes other files. Names have no case, and of several lines the last one counts. initdb itself
 * writes shared_buffers = 128MB and max_wal_size = 1GB.
 */
export const tune = `tuned=
for setting in "shared_buffers=$POSTGRES_SHARED_BUFFERS" "effective_cache_size=$POSTGRES_EFFECTIVE_CACHE_SIZE" \\
  "max_wal_size=$POSTGRES_MAX_WAL_SIZE"; do
  name=\${setting%%=*}
  if [ -z "\${setting#*=}" ]; then continue; fi
  if grep -qsiE "^[[:space:]]*$name[[:space:]=]" "$PGDATA/postgresql.auto.conf"; then continue; fi
  if grep -qsiE "^[[:space:]]*include(_dir|_if_exists)?[[:space:]=]" "$PGDATA/postgresql.conf"; then continue; fi
  own=$(grep -siE "^[[:space:]]*$name[[:space:]=]" "$PGDATA/postgresql.conf" | tail -1 |
    sed "s/^[[:space:]]*[A-Za-z_]*[[:space:]=][[:space:]='\\"]*//")
  case "$name $own" in *" " | "shared_buffers 128MB"* | "max_wal_size 1GB"*) tuned="$tuned -c $setting" ;; esac
done`;
