import * as os from "node:os";
import * as path from "node:path";

/** Where tools and images are kept, by version, for every checkout of this user. Safe to delete. */
export function cacheDir(): string {
  return process.env.CLUSTER_STORAGE_CACHE || under("XDG_CACHE_HOME", ".cache");
}

/** Where local clusters, their data and the local stack's state are kept. Deleting it loses data. */
export function stateDir(): string {
  return process.env.CLUSTER_STORAGE_STATE || under("XDG_STATE_HOME", ".local", "state");
}

/** The directory of one local cluster, for instance `main` or `test`. */
export function instanceDir(name: string): string {
  return path.join(stateDir(), "instances", name);
}

function under(variable: string, ...fallback: string[]): string {
  return path.join(process.env[variable] || path.join(os.homedir(), ...fallback), "cluster-storage");
}
