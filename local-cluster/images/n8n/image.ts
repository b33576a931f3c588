import { readFile } from "node:fs/promises";
import type { Recipe } from "../cache";
import type { Apt } from "../debian";
import { nodeLayers } from "../npm";
import { addDirectory, addFile, type FileTree } from "../tree";

/** n8n from npm's packages, with upstream's user, home directory, paths, first process and treatment of arguments. */
export function n8n(apt: Apt): Recipe {
  return {
    name: "n8n",
    from: "",
    async build(scratch) {
      const program = { folder: __dirname, name: "n8n", bin: "bin/n8n", packages: ["tini"] };
      const { layers, version } = await nodeLayers(program, scratch, apt);
      const settings = {
        entrypoint: ["tini", "--", "/docker-entrypoint.sh"],
        env: { NODE_ENV: "production", N8N_RELEASE_TYPE: "stable", SHELL: "/bin/sh" },
        user: "1000:1000",
        workdir: "/home/node",
        ports: ["5678/tcp"],
      };
      return { name: "n8n", version, pinned: true, layers: [...layers, await own()], settings, compressed: true };
    },
  };
}

async function own(): Promise<FileTree> {
  const tree: FileTree = new Map();
  addFile(tree, "docker-entrypoint.sh", await readFile(`${__dirname}/entrypoint.sh`));
  for (const directory of ["home/node", "home/node/.n8n"]) addDirectory(tree, directory, { uid: 1000 });
  return tree;
}
