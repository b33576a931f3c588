import type { EnvVar } from "../../model/container";

/** What Neo4j makes of its memory limit and of its volume's size. */

const mebibyte = 1024 ** 2;

const between = (least: number, value: number, most: number) => Math.min(most, Math.max(least, value));

/**
 * Heap and page cache in MiB for a memory limit in bytes: three eighths and a quarter of it, so 768 and 512
 * for 2 GiB. The JVM needs the rest for itself, threads and direct buffers.
 */
export function memorySettings(limit: number): { heap: number; pageCache: number } {
  const total = Math.floor(limit / mebibyte);
  return { heap: Math.floor((total * 3) / 8), pageCache: Math.floor(total / 4) };
}

/**
 * MiB of a database's log of transactions, for a volume's size in bytes: `file`, a thirty-second of it, and `kept`, an
 * eighth, so 64 and 256 for 2 GiB. At least 16 and 64; at most Neo4j's own defaults, 256 and 2048. By those alone a
 * volume of 2 GiB would be full of logs: each database, of which an empty server has two, has a file that takes its
 * whole size from the beginning, and keeps 2 GiB of older ones. They serve the backups of another edition; what the
 * recovery after a crash needs is kept in any case
 * (neo4j.com/docs/operations-manual/5/database-internals/transaction-logs).
 */
export function logSizes(volume: number): { file: number; kept: number } {
  const total = Math.floor(volume / mebibyte);
  return { file: between(16, Math.floor(total / 32), 256), kept: between(64, Math.floor(total / 8), 2048) };
}

/** `memory`: the limit, `volume`: the volume's size, both in bytes. */
export function sizeEnv(memory: number, volume: number): EnvVar[] {
  const { heap, pageCache } = memorySettings(memory);
  const { file, kept } = logSizes(volume);
  return [
    { name: "NEO4J_server_memory_heap_initial__size", value: `${heap}m` },
    { name: "NEO4J_server_memory_heap_max__size", value: `${heap}m` },
    { name: "NEO4J_server_memory_pagecache_size", value: `${pageCache}m` },
    { name: "NEO4J_db_tx__log_rotation_size", sized: `${file}m` },
    { name: "NEO4J_db_tx__log_rotation_retention__policy", sized: `${kept}M size` },
  ];
}
