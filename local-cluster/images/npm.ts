import { execa, type ExecaError } from "execa";
import { copyFile, mkdir, readdir, readFile, stat } from "node:fs/promises";
import * as path from "node:path";
import { UserError } from "../../model/user-error";
import { addAccounts, busyboxLayer } from "./base";
import { resolvePackages, unpackPackages, type Apt } from "./debian";
import { addDirectory, addFileFrom, addSymlink, type FileTree } from "./tree";

const BASE = ["libc6", "libc-bin", "busybox-static"];

/** Where npm has the packages that are installed for everybody: in upstream's images, too. */
const MODULES = "usr/local/lib/node_modules";

/** The packages from which npm takes the Node that the image runs with, one for each processor. */
const NODE = /^node-linux-(x64|arm64)$/;

/**
 * Files that only compiling against a package, debugging or reading it needs. A folder of that name is only left out
 * at the top of a package: further down, a package may well load its own `doc`.
 */
const NOT_NEEDED = [
  /\.(map|d\.[cm]?ts|tsbuildinfo|flow|md|markdown|gypi?|o|a)$/,
  /\/node_modules\/(@[^/]+\/)?[^/]+\/(tests?|__tests__|docs?|examples?|benchmarks?|coverage|\.github)$/,
  /\/(\.bin|\.package-lock\.json)$/,
];

/** A program's image: Node and the program, with upstream's user, home directory and paths. */
export interface NodeProgram {
  /** The folder that has its package.json and package-lock.json; its one dependency beside Node is the program. */
  folder: string;
  /** The program, as npm and its command call it. */
  name: string;
  /** The file that the command starts, in its package. */
  bin: string;
  /** Debian's packages that upstream's image has, too, and this program needs. */
  packages: string[];
}

export interface NodeLayers {
  layers: FileTree[];
  version: string;
}

/**
 * The layers of a program from npm's packages: the base, Node, and the program with all that it depends on. npm checks
 * each package against the digest in package-lock.json. No package runs a script of its own on this machine, so parts
 * that would be compiled or downloaded then are not there. Throws UserError where npm can't get a package.
 */
export async function nodeLayers(program: NodeProgram, scratch: string, apt: Apt): Promise<NodeLayers> {
  const installed = path.join(scratch, "npm");
  await installPackages(program, installed, apt.env);
  const modules = path.join(installed, "node_modules");
  const node = (await readdir(modules)).find((name) => NODE.test(name));
  if (node === undefined)
    throw new UserError(
      `The ${program.name} image cannot be made: npm has no Node for linux on ${process.arch}. Leave --real out; a ` +
        "small program stands in for it then.",
    );
  const manifest = await readFile(path.join(modules, program.name, "package.json"), "utf8");
  const base = await busyboxLayer(BASE, `${scratch}/base`, apt);
  const runtime = await unpackPackages(await pinned(["libstdc++6", ...program.packages], apt), `${scratch}/deb`, apt);
  addFileFrom(runtime, "usr/local/bin/node", path.join(modules, node, "bin/node"), { mode: 0o755 });
  addAccounts(runtime, [{ name: "node", uid: 1000, gid: 1000, home: "/home/node" }]);
  addDirectory(runtime, "home/node", { uid: 1000 });
  return {
    layers: [base, runtime, await programTree(program, modules)],
    version: (JSON.parse(manifest) as { version: string }).version,
  };
}

/**
 * Installs the packages that the program's lock file names in `directory`/node_modules. npm checks each against the
 * digest there, and no package runs a script. Throws UserError where npm can't.
 */
export async function installPackages(
  { folder, name }: Pick<NodeProgram, "folder" | "name">,
  directory: string,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const file of ["package.json", "package-lock.json"])
    await copyFile(path.join(folder, file), path.join(directory, file));
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error", "--prefer-offline"];
  try {
    // The packages want a newer Node than the one that runs this. They only run in the image, with their own.
    await execa("npm", ["ci", "--ignore-scripts", "--omit=dev", "--engine-strict=false", ...quiet], {
      cwd: directory,
      env,
      all: true,
    });
  } catch (error) {
    const { code, all } = error as ExecaError;
    const reason = code === "ENOENT" ? "this machine has no npm" : `npm says: ${reasonIn(String(all))}`;
    throw new UserError(
      `The ${name} image cannot be made: ${reason}. Nothing of it was kept. A small program stands in for ${name} ` +
        "where `npm start` is called without --real.",
    );
  }
}

/** The first line that says what failed. */
function reasonIn(output: string): string {
  const lines = output.split("\n").filter((line) => line.startsWith("npm error") && !/^npm error code/.test(line));
  return (lines[0] ?? output.trim().split("\n").at(-1) ?? "").replace(/^npm error\s*/, "");
}

/** The newest version of each package and of what it needs, beside the base. */
async function pinned(packages: string[], apt: Apt): Promise<string[]> {
  const needed = await Promise.all(packages.map((name) => resolvePackages(name, apt)));
  const found = needed.flat().filter(({ name }) => !BASE.includes(name));
  return [...new Set(found.map(({ name, version }) => `${name}=${version}`))];
}

/** What npm has installed in `modules`, where upstream's image has it, with the program's command. */
export async function programTree(
  { name, bin }: Pick<NodeProgram, "name" | "bin">,
  modules: string,
): Promise<FileTree> {
  const tree: FileTree = new Map();
  addDirectory(tree, MODULES);
  await addTree(tree, MODULES, modules);
  addSymlink(tree, `usr/local/bin/${name}`, `../lib/node_modules/${name}/${bin}`);
  return tree;
}

/** Adds what is in the directory, without the packages that brought Node, and without links, which nothing follows. */
async function addTree(tree: FileTree, to: string, directory: string): Promise<void> {
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const [target, source] = [`${to}/${entry.name}`, path.join(directory, entry.name)];
    if (NOT_NEEDED.some((unneeded) => unneeded.test(target)) || (to === MODULES && NODE.test(entry.name))) continue;
    if (entry.isDirectory()) await addTree(tree, target, source);
    else if (entry.isFile()) addFileFrom(tree, target, source, { mode: await modeOf(source) });
  }
}

async function modeOf(file: string): Promise<number> {
  return (await stat(file)).mode & 0o100 ? 0o755 : 0o644;
}
