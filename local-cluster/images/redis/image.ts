import { readFile } from "node:fs/promises";
import { addAccounts, debianLayers } from "../base";
import type { Recipe } from "../cache";
import type { Apt } from "../debian";
import { addDirectory, addFile, type FileTree } from "../tree";

const REDIS = { name: "redis", uid: 999, gid: 999, home: "/data" };

/** Debian has no 7.4. trixie's 8.0 writes the same files as it and has its commands; bookworm's 7.0 neither. */
const DEBIAN = { name: "redis-server", release: "trixie" as const };

/** Redis from Debian's packages, with upstream's user, directory, port and treatment of arguments. */
export function redis(apt: Apt): Recipe {
  return {
    name: "redis",
    from: DEBIAN.release,
    async build(scratch) {
      const { base, service, version } = await debianLayers(DEBIAN, scratch, apt);
      for (const unused of ["usr/bin/redis-benchmark", "etc/redis/redis.conf", "etc/redis"]) service.delete(unused);
      const settings = {
        entrypoint: ["docker-entrypoint.sh"],
        cmd: ["redis-server"],
        user: "999:999",
        workdir: "/data",
        ports: ["6379/tcp"],
        volumes: ["/data"],
      };
      return { name: "redis", version, pinned: true, layers: [base, service, await own()], settings };
    },
  };
}

async function own(): Promise<FileTree> {
  const tree: FileTree = new Map();
  addAccounts(tree, [REDIS]);
  addFile(tree, "usr/local/bin/docker-entrypoint.sh", await readFile(`${__dirname}/entrypoint.sh`));
  addDirectory(tree, "data", { uid: REDIS.uid });
  return tree;
}
