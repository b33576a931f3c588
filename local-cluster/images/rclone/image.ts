import { addAccounts, debianLayers } from "../base";
import type { Recipe } from "../cache";
import type { Apt } from "../debian";
import { addDirectory, type FileTree } from "../tree";

const DEBIAN = { name: "rclone", release: "trixie" as const };

/** rclone from Debian's packages, started as upstream's image starts it. */
export function rclone(apt: Apt): Recipe {
  return {
    name: "rclone",
    from: DEBIAN.release,
    async build(scratch) {
      const { base, service, version } = await debianLayers(DEBIAN, scratch, apt);
      const own: FileTree = new Map();
      addAccounts(own, []);
      addDirectory(own, "data");
      const settings = { entrypoint: ["rclone"], workdir: "/data", env: { XDG_CONFIG_HOME: "/config" } };
      return { name: "rclone", version, pinned: true, layers: [base, service, own], settings };
    },
  };
}
