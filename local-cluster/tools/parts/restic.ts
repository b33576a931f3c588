import { versions } from "../../versions";
import type { Part } from "../part";

/**
 * Backs volumes up. It is built apart from the module `tools`, with which it shares no dependency; its releases are
 * packed by bzip2, which Node can't read.
 */
export const restic: Part = {
  name: "restic",
  version: versions.restic,
  files: ["restic"],
  releases: [],
  programs: [
    { module: "none", package: `github.com/restic/restic/cmd/restic@v${versions.restic}`, file: "restic", tags: [] },
  ],
};
