import type { ServiceSpec } from "../model/service-spec";
import type { Engine } from "../model/engine-version";
import type { Mount, PersistenceCheck, Probes } from "../model/container";
import type { ExportRecipe } from "../model/export-recipe";
import { tlsFiles } from "../model/tls";
import { liftForOldData, memoryEnv, memorySettings } from "./shared/redis-memory";
import { containerRules } from "./shared/redis-settings";
import { holdSeconds, later, shell, streamsOf, tar } from "./shared/export-recipes";

/**
 * The password comes by standard input, because every process list would show it on the command line. It is written
 * byte by byte in hexadecimal: a blank, a quote or a line end in it would otherwise be read as a part of the config.
 * A volume from another Redis may have a snapshot and no log. The server would start empty and later overwrite the
 * snapshot. So the snapshot is first made the beginning of the log, which is the form that Redis itself writes. The
 * umask is that of the image's entrypoint, which sets it for a server that it starts itself: nobody else reads the
 * data.
 */
const start = (settings = "") => `umask 0077
if [ -s /data/dump.rdb ] && [ ! -e /data/appendonlydir ] && [ ! -e /data/appendonly.aof ]; then
  cp /data/dump.rdb /data/appendonly.aof.new && sync && mv /data/appendonly.aof.new /data/appendonly.aof || exit 1
fi
${liftForOldData}
password=$(printf %s "$REDISCLI_AUTH" | od -An -v -tx1 | tr -d ' \\n' | sed 's/../\\\\x&/g')
exec redis-server - --dir /data --appendonly yes --appendfsync everysec <<EOF
requirepass "$password"
${memorySettings}${settings}EOF`;

/** Only encrypted connections (redis.io/docs/latest/operate/oss_and_stack/management/security/encryption). */
const tlsSettings = `port 0
tls-port 6379
tls-cert-file ${tlsFiles.certificate}
tls-key-file ${tlsFiles.key}
tls-ca-cert-file ${tlsFiles.authority}
tls-auth-clients no
`;

/**
 * How redis-cli connects. A container whose server encrypts says so in this variable: what comes to it from a move asks
 * the container and not the config, which may be newer. It is no list of words in quotes, so that the shell splits it.
 */
const cli = "redis-cli $REDISCLI_TLS";
const tlsOptions = ["--tls", "--cacert", tlsFiles.authority];

/** Redis before 7.2 has no WAITAOF. There, what was appended is on disk a second later. */
const onDisk = `answer=$(${cli} waitaof 1 0 2000 | head -1)
case "$answer" in *"unknown command"*) sleep 2 ;; *) test "$answer" -ge 1 ;; esac`;

/** Restores the server's defaults, because the command above changes none of these settings. */
const letGo =
  `${cli} client unpause && ${cli} config set save "3600 1 300 100 60 10000" ` + "auto-aof-rewrite-percentage 100";

/**
 * While Redis is held, writes wait and no file is rewritten. All acknowledged writes are on disk: in the log, or in a
 * snapshot where the server was set up without a log.
 */
function redisExport(mounts: Mount[]): ExportRecipe {
  const setting = (name: string) => `$(${cli} config get ${name} | tail -1)`;
  const here = mounts.map(({ path }) => `[ "${setting("dir")}" = ${path} ]`).join(" || ");
  const saved =
    `${cli} info persistence | grep -q '^rdb_changes_since_last_save:0' && ` +
    `[ -s "${setting("dir")}/${setting("dbfilename")}" ]`;
  // WAITAOF is an error where there is no log: github.com/redis/redis/blob/7.2/src/replication.c.
  const written = `if [ "${setting("appendonly")}" = no ]; then
  { ${saved}; } || test "$(${cli} save)" = OK
else
  ${onDisk}
fi`;
  const settled =
    `until ${cli} info persistence | tr -d '\\r' | grep -cE ` +
    "'^(aof_rewrite_in_progress|aof_rewrite_scheduled|rdb_bgsave_in_progress):0$' | grep -q 3; do sleep 1; done";
  return {
    container: "redis",
    begin: [
      shell(`set -e
{ ${here}; } || { echo "Redis keeps its data in ${setting("dir")}" >&2; exit 1; }
echo $$ >/tmp/held
${later(letGo)}
${cli} config set save "" auto-aof-rewrite-percentage 0 >/dev/null
test "$(${cli} client pause ${holdSeconds * 1000} write)" = OK
${settled}
${written}`),
    ],
    streams: streamsOf(mounts, tar),
    quiet: shell(`{ ${here}; } && [ "${setting("appendonly")}" = yes ] && { ${onDisk}; }`),
    mark: shell(
      `${cli} info persistence | grep -E '^(aof_current_size|aof_base_size|rdb_changes_since_last_save|loading):'`,
    ),
    verify: "again",
    end: [shell(letGo)],
  };
}

/**
 * A newer Redis reads the snapshots of an older one. An older one ends at the first byte that tells it of a newer
 * format ("Can't handle RDB format version 12": github.com/redis/redis/issues/14064), which 7.0, 7.2 and 7.4 each
 * raised. Patches keep it.
 */
const redisEngine: Engine = {
  name: "Redis",
  images: ["redis"],
  parts: 2,
  up: "any",
  down: "series",
  dump: "restore a backup that the older version made into a new, empty volume",
};

const probes = (cli: string): Probes => {
  const ping = { exec: ["sh", "-c", `test "$(${cli} ping)" = PONG`] };
  return {
    // Loading a large append-only file takes minutes. Until then Redis answers LOADING.
    startup: { action: ping, periodSeconds: 2, failureThreshold: 300 },
    readiness: { action: ping, periodSeconds: 5 },
    liveness: { action: ping, periodSeconds: 20, timeoutSeconds: 10 },
  };
};

const check = (options: string[] = []): PersistenceCheck => {
  const run = (...words: string[]) => ({ exec: ["redis-cli", ...options, ...words] });
  return {
    container: "redis",
    // WAITAOF waits up to two seconds and answers how many append-only files have the write on disk.
    write: [run("set", "{{key}}", "{{value}}"), { exec: ["sh", "-c", onDisk] }],
    read: [run("get", "{{key}}")],
    remove: [run("unlink", "{{key}}")],
    list: [run("--scan", "--pattern", "cluster-storage-check-*")],
  };
};

export const service: ServiceSpec = {
  name: "redis",
  component: "cache",
  namespace: "local-ai-system",
  kind: "Deployment",
  image: "redis:7.4.11-bookworm",
  engine: redisEngine,
  // On arm64 the official image's jemalloc is built with --with-lg-page=16: github.com/docker-library/redis.
  largestPage: 65_536,
  identity: { uid: 999, gid: 999 },
  ports: [{ name: "redis", port: 6379 }],
  claims: [{ name: "redis-data", mounts: [{ path: "/data" }] }],
  command: ["sh", "-c", start()],
  ...containerRules,
  // redis-cli reads the same variable, and the probes and the check use redis-cli.
  env: ({ memory }) => [{ name: "REDISCLI_AUTH", secret: "password" }, ...memoryEnv(memory)],
  secrets: [
    {
      key: "password",
      trial: {
        step: { exec: ["sh", "-c", `IFS= read -r REDISCLI_AUTH; export REDISCLI_AUTH; exec ${cli} ping`] },
        refused: "WRONGPASS|NOAUTH",
      },
    },
  ],
  readOnlyRoot: true,
  scratch: ["/tmp"],
  probes: probes("redis-cli"),
  resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "512Mi" } },
  graceSeconds: 60,
  fileShare: {
    verdict: "unwise",
    because: "Redis flushes its log each second, and answers nobody while a slow server keeps it waiting",
  },
  data: { marks: ["dump.rdb", "appendonlydir", "appendonly.aof"], alone: true },
  exportRecipe: (mounts) => redisExport(mounts),
  localRecipe: { name: "redis" },
  check: check(),
  encrypted: ({ env }) => ({
    command: ["sh", "-c", start(tlsSettings)],
    env: (context) => [...(env?.(context) ?? []), { name: "REDISCLI_TLS", value: tlsOptions.join(" ") }],
    probes: probes(cli),
    check: check(tlsOptions),
  }),
};
