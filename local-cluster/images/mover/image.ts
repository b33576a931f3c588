import { readFile } from "node:fs/promises";
import { busyboxLayer } from "../base";
import type { Recipe } from "../cache";
import { resolvePackages, unpackPackages, type Apt } from "../debian";
import { addFile, type FileTree } from "../tree";

const BASE = ["libc6", "libc-bin", "busybox-static"];

/**
 * The programs that the mover calls by name, and the library that Node is linked with. GNU's, as in upstream's image.
 */
const PACKAGES = ["coreutils", "tar", "libstdc++6"];

/** The Node that runs this program, with GNU coreutils and tar: all that the mover needs of upstream's Node image. */
export function mover(apt: Apt): Recipe {
  return {
    name: "mover",
    from: process.version,
    async build(scratch) {
      const base = await busyboxLayer(BASE, `${scratch}/base`, apt);
      const tools = await unpackPackages(await pinned(apt), `${scratch}/tools`, apt);
      const node: FileTree = new Map();
      addFile(node, "usr/local/bin/node", await readFile(process.execPath));
      const settings = { cmd: ["node"], user: "65532:65532" };
      return { name: "mover", version: process.version.slice(1), pinned: true, layers: [base, tools, node], settings };
    },
  };
}

/** `tar` is asked for by its own name, because it is not among the packages of a service. */
async function pinned(apt: Apt): Promise<string[]> {
  const needed = await Promise.all(PACKAGES.map((name) => resolvePackages(name, apt)));
  const found = needed.flat().filter(({ name }) => !BASE.includes(name));
  return [...new Set([...found.map(({ name, version }) => `${name}=${version}`), "tar"])];
}
