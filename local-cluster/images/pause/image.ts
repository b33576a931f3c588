import type { Recipe } from "../cache";
import { compileGo } from "../go-program";
import { addFile, type FileTree } from "../tree";

/** The container that holds a pod's namespaces; containerd's configuration contains its name. */
export function pause(env: NodeJS.ProcessEnv): Recipe {
  return {
    name: "pause",
    from: "",
    async build(scratch) {
      const root: FileTree = new Map();
      addFile(root, "pause", await compileGo(__dirname, scratch, env));
      return { name: "pause", version: "1", layers: [root], settings: { entrypoint: ["/pause"], user: "65535:65535" } };
    },
  };
}
