import type { EnvVar } from "../../model/container";

/**
 * What Redis makes of its memory limit: it refuses writes at three fifths of it (`OOM command not allowed`), and goes
 * on reading, before the kernel ends it for all that it uses. The rest is for what maxmemory doesn't count: pages that
 * are copied while the log is rewritten by a fork, buffers of clients and of the log, and what the allocator can't give
 * back (redis.io/docs/latest/operate/oss_and_stack/management/optimization/memory-optimization, and redis.conf: "it is
 * suggested that you set a lower limit for maxmemory"). `noeviction` is Redis' own policy: a store of data loses no
 * key.
 */
export const memoryEnv = (limit: number): EnvVar[] =>
  limit > 0 ? [{ name: "REDIS_MAXMEMORY", value: String(Math.floor((limit * 3) / 5)) }] : [];

/** Lines of the config. Options on the command line come later, so they win. */
export const memorySettings = `maxmemory \${REDIS_MAXMEMORY:-0}
maxmemory-policy noeviction
`;

/**
 * Data that is larger already, by more than the buffers of a moment, was written before there was this bound. Redis
 * would load it and refuse every further write, which nobody has asked for. So the bound is taken away again and the
 * log says so, unless somebody has set another one meanwhile.
 */
export const liftForOldData = `lift() {
  until [ "$(redis-cli $REDISCLI_TLS ping 2>/dev/null)" = PONG ]; do sleep 1; done
  used=$(redis-cli $REDISCLI_TLS info memory | tr -d '\\r' | sed -n 's/^used_memory://p')
  [ "$used" -gt $((REDIS_MAXMEMORY / 8 * 9)) ] || return 0
  [ "$(redis-cli $REDISCLI_TLS config get maxmemory | tail -1)" = "$REDIS_MAXMEMORY" ] || return 0
  redis-cli $REDISCLI_TLS config set maxmemory 0 >/dev/null &&
    echo "the data uses $used bytes, more than maxmemory $REDIS_MAXMEMORY, so it has no bound; raise the memory limit"
}
if [ -n "$REDIS_MAXMEMORY" ]; then lift & fi`;
