import { readFile } from "node:fs/promises";
import { PATHS } from "../archive";
import { addAccounts, debianLayers } from "../base";
import type { Recipe } from "../cache";
import type { Apt } from "../debian";
import { addDirectory, addFile, type FileTree } from "../tree";

const HOME = "/var/lib/postgresql";

/** Upstream's Debian and Alpine images use different user numbers; this image supports both. */
const ACCOUNTS = [999, 70].map((uid) => ({ name: "postgres", uid, gid: uid, home: HOME }));

/** The release of Debian that has each major version. */
const RELEASES = { 15: "bookworm", 17: "trixie" } as const;

/** PostgreSQL from Debian's packages, with upstream's directories, environment, first start and stop signal. */
export function postgres(apt: Apt, major: keyof typeof RELEASES): Recipe {
  const debian = { name: `postgresql-${major}`, release: RELEASES[major] };
  return {
    name: `postgres-${major}`,
    folder: "postgres",
    from: debian.release,
    async build(scratch) {
      const { base, service, version } = await debianLayers(debian, scratch, apt);
      listenEverywhere(service, `usr/share/postgresql/${major}/postgresql.conf.sample`);
      const settings = {
        entrypoint: ["docker-entrypoint.sh"],
        cmd: ["postgres"],
        env: {
          PATH: `${PATHS}:/usr/lib/postgresql/${major}/bin`,
          LANG: "C.UTF-8",
          PG_MAJOR: String(major),
          PGDATA: `${HOME}/data`,
        },
        user: "999:999",
        ports: ["5432/tcp"],
        volumes: [`${HOME}/data`],
        // At SIGINT the server ends its connections and shuts down; at SIGTERM it would wait for its clients.
        stopSignal: "SIGINT",
      };
      return { name: "postgres", version, pinned: true, layers: [base, service, await own()], settings };
    },
  };
}

/** Lets the server listen on all addresses: by default only programs on the same machine can reach it. */
function listenEverywhere(tree: FileTree, sample: string): void {
  const entry = tree.get(sample)!;
  const text = entry.body!.toString().replace(/^#?listen_addresses = .*$/m, "listen_addresses = '*'");
  tree.set(sample, { ...entry, body: Buffer.from(text) });
}

async function own(): Promise<FileTree> {
  const tree: FileTree = new Map();
  addAccounts(tree, ACCOUNTS);
  addFile(tree, "usr/local/bin/docker-entrypoint.sh", await readFile(`${__dirname}/entrypoint.sh`));
  addDirectory(tree, "docker-entrypoint-initdb.d");
  for (const shared of ["var/lib/postgresql", "var/lib/postgresql/data", "run/postgresql"])
    addDirectory(tree, shared, { mode: 0o1777, uid: 999 });
  return tree;
}
