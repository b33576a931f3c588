import { versions } from "../../versions";
import { sha256 } from "../archive";
import { busyboxLayer } from "../base";
import type { Recipe } from "../cache";
import type { Apt } from "../debian";
import { addFile, type FileTree } from "../tree";

/** restic where upstream's image has it, and the shell's commands, by which a pod copies it. */
export function restic(program: Buffer, apt: Apt): Recipe {
  return {
    name: "restic",
    from: sha256(program),
    async build(scratch) {
      const base = await busyboxLayer(["busybox-static"], `${scratch}/base`, apt);
      const own: FileTree = new Map();
      addFile(own, "usr/bin/restic", program);
      const settings = { entrypoint: ["/usr/bin/restic"], user: "65532:65532" };
      return { name: "restic", version: versions.restic, pinned: true, layers: [base, own], settings };
    },
  };
}
