import type { ServiceSpec } from "../model/service-spec";
import { redisExport } from "./export-recipes";

/**
 * The password comes in by standard input: on the command line every process list would show it.
 * A volume that another Redis left with a snapshot only: the server would begin empty beside it and overwrite it in the
 * end, so the snapshot becomes the log's beginning first, as Redis itself writes it.
 */
const start = `if [ -s /data/dump.rdb ] && [ ! -e /data/appendonlydir ] && [ ! -e /data/appendonly.aof ]; then
  cp /data/dump.rdb /data/appendonly.aof.new && sync && mv /data/appendonly.aof.new /data/appendonly.aof || exit 1
fi
exec redis-server - --dir /data --appendonly yes --appendfsync everysec <<EOF
requirepass $REDISCLI_AUTH
EOF`;

/** Before 7.2 there is no WAITAOF; what is appended is on disk a second later there. */
const onDisk = `answer=$(redis-cli waitaof 1 0 2000 | head -1)
case "$answer" in *"unknown command"*) sleep 2 ;; *) test "$answer" -ge 1 ;; esac`;

const ping = { exec: ["sh", "-c", 'test "$(redis-cli ping)" = PONG'] };

export const redis: ServiceSpec = {
  name: "redis",
  component: "cache",
  namespace: "local-ai-system",
  kind: "Deployment",
  image: "redis:7.4.11-bookworm",
  identity: { uid: 999, gid: 999 },
  ports: [{ name: "redis", port: 6379 }],
  claims: [{ name: "redis-data", mounts: [{ path: "/data" }] }],
  command: ["sh", "-c", start],
  // redis-cli, which the probes and the check use, reads the same variable.
  env: () => [{ name: "REDISCLI_AUTH", secret: "password" }],
  secrets: [{ key: "password" }],
  readOnlyRoot: true,
  scratch: ["/tmp"],
  probes: {
    // Loading a large append-only file takes minutes, and it answers LOADING meanwhile.
    startup: { action: ping, periodSeconds: 2, timeoutSeconds: 5, failureThreshold: 300 },
    readiness: { action: ping, periodSeconds: 5, timeoutSeconds: 5 },
    liveness: { action: ping, periodSeconds: 20, timeoutSeconds: 10 },
  },
  resources: { requests: { cpu: "50m", memory: "128Mi" }, limits: { memory: "512Mi" } },
  graceSeconds: 60,
  fileShare: {
    verdict: "unwise",
    because: "Redis flushes its log each second, and answers nobody while a slow server keeps it waiting",
  },
  exportRecipe: (mounts) => redisExport(onDisk, mounts),
  check: {
    container: "redis",
    // WAITAOF answers how many append-only files have the write on disk: this one, within two seconds.
    write: [{ exec: ["redis-cli", "set", "{{key}}", "{{value}}"] }, { exec: ["sh", "-c", onDisk] }],
    read: [{ exec: ["redis-cli", "get", "{{key}}"] }],
  },
};
