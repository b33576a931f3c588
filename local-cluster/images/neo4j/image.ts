import { mkdir, readFile } from "node:fs/promises";
import * as path from "node:path";
import { PATHS } from "../archive";
import { addAccounts, busyboxLayer } from "../base";
import type { Recipe } from "../cache";
import { unpackPackages, type Apt } from "../debian";
import { fetchJars } from "../maven";
import { ofRelease, type Release } from "../release";
import { addDirectory, addFile, addSymlink, type FileTree } from "../tree";
import jars from "./jars.json";

/** The version of the jars in jars.json, and what its tag in the catalogue says. */
const VERSION = "5.26.29-community";

const RELEASE: Release = "trixie";
const BASE = ["libc6", "libc-bin", "busybox-static"];
/** Java, the libraries that it loads at its start, and the first process, which upstream's image has as well. */
const PACKAGES = ["openjdk-21-jre-headless", "zlib1g", "libgcc-s1", "libstdc++6", "tini"];

const HOME = "var/lib/neo4j";
const NEO4J = { name: "neo4j", uid: 7474, gid: 7474, home: `/${HOME}` };

/** Debian keeps a JVM's settings in /etc; what follows is for programs with a screen, and for debuggers. */
const NOT_FOR_A_SERVER = /^usr\/lib\/jvm\/[^/]+\/(man|docs|lib\/(ct\.sym|libawt.*|libfontmanager\.so|libsaproc\.so))/;

/** Neo4j from its jars, with upstream's directories, user, ports, programs and treatment of the environment. */
export function neo4j(apt: Apt): Recipe {
  return {
    name: "neo4j",
    from: RELEASE,
    async build(scratch) {
      const debian = await ofRelease(apt, RELEASE);
      const [base, java] = await Promise.all([
        busyboxLayer(BASE, path.join(scratch, "base"), debian),
        unpackPackages(PACKAGES, path.join(scratch, "java"), debian),
      ]);
      for (const file of [...java.keys()].filter((file) => NOT_FOR_A_SERVER.test(file))) java.delete(file);
      const jvm = [...java.keys()].find((file) => /^usr\/lib\/jvm\/[^/]+\/bin\/java$/.test(file))!;
      const settings = {
        entrypoint: ["tini", "-g", "--", "/startup/docker-entrypoint.sh"],
        cmd: ["neo4j"],
        env: {
          PATH: `/${HOME}/bin:/${path.posix.dirname(jvm)}:${PATHS}`,
          JAVA_HOME: `/${path.posix.dirname(path.posix.dirname(jvm))}`,
          NEO4J_HOME: `/${HOME}`,
          NEO4J_EDITION: "community",
          LANG: "C.UTF-8",
        },
        user: `${NEO4J.uid}:${NEO4J.gid}`,
        workdir: `/${HOME}`,
        ports: ["7474/tcp", "7473/tcp", "7687/tcp"],
        volumes: ["/data", "/logs"],
      };
      const layers = [base, java, await program(path.join(scratch, "jars")), await own()];
      return { name: "neo4j", version: VERSION, pinned: true, layers, settings };
    },
  };
}

/** Netty has its own code for each processor. */
const forThisProcessor = (file: string) => {
  const [, other] = /-linux-(x86_64|aarch_64)\.jar$/.exec(file) ?? [];
  return other === undefined || other === (process.arch === "arm64" ? "aarch_64" : "x86_64");
};

async function program(scratch: string): Promise<FileTree> {
  await mkdir(scratch, { recursive: true });
  const wanted = Object.fromEntries(Object.entries(jars).filter(([file]) => forThisProcessor(file)));
  const tree: FileTree = new Map();
  for (const name of await fetchJars(wanted, scratch))
    addFile(tree, `${HOME}/lib/${name}`, await readFile(path.join(scratch, name)), { mode: 0o644, uid: NEO4J.uid });
  return tree;
}

/** As in upstream's image, whoever runs it may write to its directories: the config is written at each start. */
async function own(): Promise<FileTree> {
  const tree: FileTree = new Map();
  const shared = { mode: 0o777, uid: NEO4J.uid };
  addAccounts(tree, [NEO4J]);
  for (const directory of ["", "/conf", "/import", "/plugins", "/licenses", "/run", "/labs", "/certificates"])
    addDirectory(tree, `${HOME}${directory}`, shared);
  for (const volume of ["data", "logs"]) {
    addDirectory(tree, volume, shared);
    addSymlink(tree, `${HOME}/${volume}`, `/${volume}`);
  }
  const script = (name: string) => readFile(path.join(__dirname, name));
  addFile(tree, `${HOME}/conf/neo4j.conf`, await script("neo4j.conf"), { mode: 0o666, uid: NEO4J.uid });
  addFile(tree, "startup/docker-entrypoint.sh", await script("entrypoint.sh"));
  for (const name of ["neo4j", "neo4j-admin", "cypher-shell"])
    addFile(tree, `${HOME}/bin/${name}`, await script("program.sh"));
  return tree;
}
