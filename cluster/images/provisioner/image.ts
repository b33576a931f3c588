import { readFile } from "node:fs/promises";
import { sha256 } from "../archive";
import type { Recipe } from "../cache";
import { addDirectory, addFile, type FileTree } from "../tree";

/** The last version that can be had without an image registry: for the local cluster only. */
export const PROVISIONER_VERSION = "v0.0.30";

/** local-path-provisioner from its binary, started by name as with upstream's image. */
export async function provisioner(binary: string): Promise<Recipe> {
  const program = await readFile(binary);
  return {
    name: "local-path-provisioner",
    from: sha256(program),
    async build() {
      const root: FileTree = new Map();
      addFile(root, "usr/bin/local-path-provisioner", program);
      addDirectory(root, "tmp", { mode: 0o1777 });
      return { name: "local-path-provisioner", version: PROVISIONER_VERSION, layers: [root], settings: { cmd: ["local-path-provisioner"] } };
    },
  };
}
