import { execa } from "execa";
import { readdir } from "node:fs/promises";
import * as path from "node:path";
import { formatBytes } from "../../model/quantity";

export interface Item {
  name: string;
  bytes: number;
}

/** What is lost when a local cluster is deleted. */
export interface Inventory {
  volumes: Item[];
  /** The cluster's own data: etcd, containers, logs. */
  cluster: number;
  /** Whether the directory holds the Pulumi state of the stack on the cluster. */
  state: boolean;
  /** The checkouts that started it, the last one first. */
  checkouts: string[];
}

/** Measures a local cluster's directory. Nothing is changed. */
export async function takeInventory(directory: string): Promise<Omit<Inventory, "checkouts">> {
  const [volumes, all] = await Promise.all([volumesIn(path.join(directory, "volumes")), namesIn(directory)]);
  const sizes = await diskUsage([directory, ...volumes.map((name) => path.join(directory, "volumes", name))]);
  const items = volumes.map((name) => ({ name, bytes: sizes.get(path.join(directory, "volumes", name)) ?? 0 }));
  const total = sizes.get(directory) ?? 0;
  return {
    volumes: items,
    cluster: Math.max(0, total - items.reduce((sum, { bytes }) => sum + bytes, 0)),
    state: all.includes("pulumi"),
  };
}

/**
 * Finds the volumes' directories. The provisioner's names begin with `pvc-`. Those of a second backend are one level
 * further down, because that backend has a directory of its own.
 */
async function volumesIn(directory: string): Promise<string[]> {
  const names = await namesIn(directory);
  const below = await Promise.all(
    names.map(async (name) =>
      name.startsWith("pvc-")
        ? [name]
        : (await namesIn(path.join(directory, name))).map((inner) => path.join(name, inner)),
    ),
  );
  return below.flat();
}

const namesIn = async (directory: string) => (await readdir(directory).catch(() => [])).sort();

/** The inventory as lines for a person. */
export function describeInventory(inventory: Inventory): string {
  const width = Math.max(0, ...inventory.volumes.map(({ name }) => name.length));
  const lines = inventory.volumes.map(({ name, bytes }) => `  volume ${name.padEnd(width)}  ${formatBytes(bytes)}`);
  if (lines.length === 0) lines.push("  no volumes");
  lines.push(`  the cluster itself: every object in it, containers, logs  ${formatBytes(inventory.cluster)}`);
  if (inventory.state) lines.push("  the Pulumi state and secrets of the stack on it");
  const [last, ...earlier] = inventory.checkouts;
  if (last !== undefined)
    lines.push(
      `  started last by the checkout ${last}${earlier.length > 0 ? `, before that by ${earlier.join(", ")}` : ""}`,
    );
  return lines.join("\n");
}

/**
 * Bytes on disk below each path. Each path is measured by its own du, because one du with nested paths counts the inner
 * one only once.
 */
async function diskUsage(paths: string[]): Promise<Map<string, number>> {
  const measured = await Promise.all(
    paths.map(async (at) => {
      const { stdout } = await execa("du", ["-skx", at], { reject: false, stderr: "ignore" });
      return [at, Number(stdout.split("\t")[0]) * 1024 || 0] as const;
    }),
  );
  return new Map(measured);
}
