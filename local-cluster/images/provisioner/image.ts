import { execa } from "execa";
import { readFile } from "node:fs/promises";
import * as path from "node:path";
import { UserError } from "../../../model/user-error";
import type { Tools } from "../../tools";
import { sha256 } from "../archive";
import type { Recipe } from "../cache";
import { addDirectory, addFile, type FileTree } from "../tree";

/** The last version that can be built without an image registry. Only the local cluster uses it. */
export const PROVISIONER_VERSION = "v0.0.30";

export interface Provisioner {
  binary: string;
  /** Such as `v0.0.37`. */
  version: string;
}

/**
 * The provisioner of the local cluster: the one that was built here, or the binary at CLUSTER_STORAGE_PROVISIONER, such
 * as a newer one from elsewhere. Throws UserError where that is not a local-path-provisioner.
 */
export async function findProvisioner(
  { bin }: Pick<Tools, "bin">,
  own = process.env.CLUSTER_STORAGE_PROVISIONER,
): Promise<Provisioner> {
  if (!own) return { binary: path.join(bin, "local-path-provisioner"), version: PROVISIONER_VERSION };
  const { stdout = "", failed } = await execa(own, ["--version"], { reject: false });
  const version = /^local-path-provisioner version (v\d\S*)$/m.exec(stdout)?.[1];
  if (failed || !version)
    throw new UserError(
      `CLUSTER_STORAGE_PROVISIONER is ${own}, but \`${own} --version\` prints no version of ` +
        "local-path-provisioner. Unset the variable to use the provisioner that is built here.",
    );
  return { binary: own, version };
}

/** local-path-provisioner from its binary, started by name as with upstream's image. */
export async function provisioner({ binary, version }: Provisioner): Promise<Recipe> {
  const program = await readFile(binary);
  return {
    name: "local-path-provisioner",
    from: sha256(program),
    async build() {
      const root: FileTree = new Map();
      addFile(root, "usr/bin/local-path-provisioner", program);
      addDirectory(root, "tmp", { mode: 0o1777 });
      return { name: "local-path-provisioner", version, layers: [root], settings: { cmd: ["local-path-provisioner"] } };
    },
  };
}
