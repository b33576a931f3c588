/** A file of an official release, or an archive of several. */
export interface Release {
  url: string;
  /** Published by the project beside the release; sums of several files, or the one alone. Only pinning reads it. */
  checksumUrl: string;
  /** Path in the archive to path in the part; for a plain file the path in the part. */
  take: Record<string, string> | string;
}

/** A program that `go build` makes from a module of local-cluster/go/, or `go install` from a module's version. */
export interface GoProgram {
  module: "tools" | "language-host" | "none";
  package: string;
  /** Path in the part. */
  file: string;
  /** Further names of the same program. */
  links?: string[];
  tags?: string[];
  /** Linked with C, against the machine's or an unpacked libseccomp. */
  seccomp?: boolean;
  /** It cannot be built in one `go build` command with the others. */
  alone?: boolean;
}

/** A script that is added to what was built; `file` is its path in the part. */
export type Script = { file: string; text: string };

/** What is downloaded or built, cached and renewed as one. */
export interface Part {
  name: string;
  version: string;
  /** Paths that the tools' directory gets from this part. */
  files: string[];
  /** Empty where the project publishes no binaries, or packs them in a way that is not read here. */
  releases: Release[];
  programs: GoProgram[];
  scripts?: Script[];
}
