import type { Recipe } from "../cache";
import type { Apt } from "../debian";
import { nodeLayers } from "../npm";

/** Flowise from npm's packages, with upstream's user, home directory, paths and first process. */
export function flowise(apt: Apt): Recipe {
  return {
    name: "flowise",
    from: "",
    async build(scratch) {
      const program = { folder: __dirname, name: "flowise", bin: "bin/run", packages: [] };
      const { layers, version } = await nodeLayers(program, scratch, apt);
      const settings = { entrypoint: ["flowise", "start"], user: "1000:1000", ports: ["3000/tcp"] };
      return { name: "flowise", version, pinned: true, layers, settings, compressed: true };
    },
  };
}
